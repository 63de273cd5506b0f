// Rework and withdrawal: both take a code from a scanner that types, or from a person who does.
import { order } from '../calls.js';
import { el, setText, show } from '../dom.js';
import { reworkCard } from '../parts/notes.js';
import { t, word } from '../words.js';
import { openDialog } from './dialog.js';

const codeLength = 16;

function codeInput() {
  // A Chinese input method must not turn the scanner's keystrokes into characters, hence `lang` and `inputmode`.
  return el('input', {
    type: 'text',
    name: 'code',
    class: 'code',
    lang: 'en',
    inputmode: 'url',
    autocomplete: 'off',
    autocapitalize: 'characters',
    spellcheck: 'false',
    maxlength: '200',
  });
}

/** Stays open from item to item. `subscribe(listener)` hands every new answer card, also from the line's own rework scanner. */
export function reworkDialog(lineId, subscribe, firstKey = '') {
  const input = codeInput();
  input.value = firstKey;
  const waiting = el('p', { class: 'quiet' }, t('dialog.reworkWait'));
  const card = reworkCard();
  show(card.node, false);
  show(waiting, false);
  const showCard = (answer) => {
    const looking = answer.answer === 'looking';
    show(waiting, looking);
    show(card.node, !looking);
    if (!looking) card.update(answer);
  };
  const stop = subscribe(showCard);

  openDialog({
    title: t('dialog.reworkTitle'),
    go: t('dialog.reworkGo'),
    stay: true,
    class: 'wide rework',
    closed: stop,
    focus: input,
    content: [
      el('p', { class: 'large' }, t('dialog.reworkText')),
      input,
      el('p', { class: 'quiet' }, t('dialog.reworkHint')),
      waiting,
      card.node,
    ],
    act: async (who) => {
      const payload = input.value.trim();
      input.value = '';
      input.focus();
      if (payload === '') return null;
      show(card.node, false);
      show(waiting, true);
      const answer = await order(lineId, 'rework', { payload, who });
      if (answer.ok) return null;
      show(waiting, false);
      return answer.text;
    },
  });
}

export function voidDialog(lineId, done) {
  const input = codeInput();
  const reason = el(
    'select',
    { name: 'reason' },
    ...['label-destroyed', 'operator'].map((key) => el('option', { value: key }, word('voids', key))),
  );
  openDialog({
    title: t('dialog.voidTitle'),
    go: t('dialog.voidGo'),
    tone: 'danger',
    focus: input,
    content: [
      el('p', { class: 'large' }, t('dialog.voidText')),
      el('label', {}, t('dialog.code'), input),
      el('label', {}, t('dialog.voidReason'), reason),
    ],
    act: async (who) => {
      // A scanned address ends in the code; a typed code may have spaces in it.
      const code = input.value.trim().split('/').at(-1).replace(/[\s-]/g, '').toUpperCase();
      if (code.length !== codeLength) return t('dialog.voidNeeded');
      const answer = await order(lineId, 'void', { code, reason: reason.value, who });
      if (!answer.ok) return answer.text;
      done(t('dialog.voidDone', { tail: code.slice(-4) }));
      return null;
    },
  });
}
