// One dialog at a time, modal: title, content, who does it, one button that acts and one that does not.
import { el, setText, show } from '../dom.js';
import { operatorName, recentOperators, setOperator } from '../operator.js';
import { t } from '../words.js';

export function dialogIsOpen() {
  return document.querySelector('dialog[open]') !== null;
}

/**
 * Opens a dialog. `act(who)` returns words for what is wrong, or null when done; the dialog then closes unless `stay`.
 * Returns { close, fail } for content that acts by itself.
 */
export function openDialog({
  title,
  content = [],
  go,
  tone = 'go',
  act,
  stay = false,
  focus = null,
  closed = null,
  class: kind = '',
}) {
  const who = whoField();
  const trouble = el('p', { class: 'trouble', role: 'alert' });
  const goButton = el('button', { class: `big ${tone}`, type: 'submit' }, go);
  const form = el(
    'form',
    { novalidate: true },
    el('h2', {}, title),
    ...content,
    who.node,
    trouble,
    el(
      'div',
      { class: 'dialog-buttons' },
      el(
        'button',
        { class: 'big plain', type: 'button', onclick: () => node.close() },
        t(stay ? 'dialog.close' : 'dialog.cancel'),
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
    const name = who.value();
    if (name === '') {
      fail(t('dialog.whoNeeded'));
      who.focus();
      return;
    }
    setOperator(name);
    fail(null);
    goButton.disabled = true;
    try {
      const wrong = await act(name);
      if (wrong) fail(wrong);
      else if (!stay) node.close();
    } finally {
      goButton.disabled = false;
    }
  });
  node.addEventListener('close', () => {
    node.remove();
    closed?.();
  });
  document.body.append(node);
  node.showModal();
  (operatorName() === '' && !stay ? who : (focus ?? goButton)).focus();
  return { close: () => node.close(), fail };
}

/** The name of the person, with the last names of this screen to choose by one touch. */
function whoField() {
  const input = el('input', { type: 'text', name: 'who', autocomplete: 'off', maxlength: '40', value: operatorName() });
  const recent = recentOperators().filter((name) => name !== operatorName());
  const node = el(
    'div',
    { class: 'who' },
    el('label', {}, t('dialog.who'), input),
    recent.length === 0
      ? null
      : el(
          'div',
          { class: 'who-recent' },
          ...recent.map((name) =>
            el(
              'button',
              {
                class: 'plain',
                type: 'button',
                onclick: () => {
                  input.value = name;
                },
              },
              name,
            ),
          ),
        ),
  );
  return { node, value: () => input.value.trim(), focus: () => input.focus() };
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
