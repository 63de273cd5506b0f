// Number keys that a gloved finger hits.
import { el } from '../dom.js';
import { t } from '../words.js';

/** `typed(digit)` for each digit, `erase(all)` for the last one or all of them. */
export function numberKeys(typed, erase) {
  const key = (text, press, label = text) =>
    el('button', { class: 'key', type: 'button', 'aria-label': label, onclick: press }, text);
  return el(
    'div',
    { class: 'keys' },
    ...[1, 2, 3, 4, 5, 6, 7, 8, 9].map((n) => key(String(n), () => typed(String(n)))),
    key('C', () => erase(true), t('dialog.eraseAll')),
    key('0', () => typed('0')),
    key('⌫', () => erase(false), t('dialog.erase')),
  );
}
