// One dialog at a time, modal: title, content, who does it, one button that acts and one that does not.
import { el, setText, show } from '../dom.js';
import { setOperator } from '../operator.js';
import { me } from '../session.js';
import { t } from '../words.js';
import { signInDialog } from './sign-in.js';
import { whoField } from './who.js';

export function dialogIsOpen() {
  return document.querySelector('dialog[open]') !== null;
}

/**
 * Opens a dialog; who is not signed in where people are known does that first. `act(who)` returns words for what is
 * wrong, or null when done; the dialog then closes unless `stay`. Returns { close, fail } for content that acts by itself.
 */
export function openDialog(options) {
  let open = null;
  if (me().people && me().name === null) {
    signInDialog(() => {
      open = showDialog({ ...options, who: whoField() });
    });
  } else {
    open = showDialog({ ...options, who: whoField() });
  }
  return { close: () => open?.close(), fail: (text) => open?.fail(text) };
}

/** The dialog itself; `who` is null where it does not matter who acts. */
export function showDialog({
  title,
  content = [],
  go,
  tone = 'go',
  act,
  stay = false,
  focus = null,
  closed = null,
  who = null,
  class: kind = '',
}) {
  const trouble = el('p', { class: 'trouble', role: 'alert' });
  const goButton = go ? el('button', { class: `big ${tone}`, type: 'submit' }, go) : null;
  const form = el(
    'form',
    { novalidate: true },
    el('h2', {}, title),
    ...content,
    who?.node,
    trouble,
    el(
      'div',
      { class: 'dialog-buttons' },
      el(
        'button',
        { class: 'big plain', type: 'button', onclick: () => node.close() },
        t(stay || !go ? 'dialog.close' : 'dialog.cancel'),
      ),
      goButton,
    ),
  );
  const node = el('dialog', { class: kind, 'aria-label': title }, form);
  const fail = (text) => {
    setText(trouble, text ?? '');
    show(trouble, Boolean(text));
  };

  fail(null);
  form.addEventListener('submit', async (event) => {
    event.preventDefault();
    if (!act || goButton?.disabled) return;
    const name = who ? who.value() : '';
    if (who && name === '') {
      fail(t('dialog.whoNeeded'));
      who.focus();
      return;
    }
    if (who && !me().people) setOperator(name);
    fail(null);
    if (goButton) goButton.disabled = true;
    try {
      const wrong = await act(name);
      if (wrong) fail(wrong);
      else if (!stay) node.close();
    } finally {
      if (goButton) goButton.disabled = false;
    }
  });
  node.addEventListener('close', () => {
    node.remove();
    closed?.();
  });
  document.body.append(node);
  node.showModal();
  (who?.missing && !stay ? who : (focus ?? goButton ?? form)).focus();
  return { close: () => node.close(), fail };
}

export function askWho(changed) {
  openDialog({
    title: t('dialog.whoTitle'),
    go: t('dialog.whoGo'),
    act: async () => {
      changed();
      return null;
    },
  });
}
