// A table from rows of texts and nodes. On a phone each row becomes a card with the headings in front of the values.
import { el } from '../dom.js';
import { t } from '../words.js';

export function table(headings, rows, kind) {
  const words = headings.map((key) => (key ? t(key) : ''));
  return el(
    'table',
    { class: `rows ${kind}` },
    el('thead', {}, el('tr', {}, ...words.map((text) => el('th', { scope: 'col' }, text)))),
    el(
      'tbody',
      {},
      ...rows.map((cells) =>
        el('tr', {}, ...cells.map((cell, at) => el('td', { 'data-heading': words[at] }, cell === '' ? null : cell))),
      ),
    ),
  );
}
