// Two cards that appear only when there is something to say: a refused configuration, and the answer of the rework table.
import { el, rebuild, setAttribute, setText, show } from '../dom.js';
import { icon } from '../icons.js';
import { reworkAnswer, t } from '../words.js';

/** How long the answer to a rework scan stays on the line's page. */
const reworkShownMs = 20_000;

/** `Refused: file, line, key, remedy`, one entry for each problem. */
export function refusedList() {
  const list = el('ul', { class: 'refused-list' });
  const node = el('section', { class: 'panel refused' }, list);
  return {
    node,
    update({ problems }) {
      show(node, problems.length > 0);
      rebuild(list, problems, () =>
        problems.map((problem) =>
          typeof problem === 'string'
            ? el('li', {}, el('p', { class: 'refused-place' }, `${t('page.refused')}: ${problem}`))
            : el(
                'li',
                {},
                el('p', { class: 'refused-place' }, `${t('page.refused')}: ${problem.place}`),
                el('p', {}, problem.problem),
                el('p', { class: 'refused-remedy' }, `${t('page.remedy')}: ${problem.remedy}`),
              ),
        ),
      );
    },
  };
}

/** Tells a card from the one before it. */
export function cardKey(card) {
  return `${card.at_ms}/${card.answer}`;
}

export function reworkNote() {
  const heading = el('h2');
  const card = reworkCard();
  const node = el('section', { class: 'panel' }, heading, card.node);
  return {
    node,
    update({ rework, stale }, nowMs) {
      const fresh = rework !== null && !stale && nowMs - rework.at_ms < reworkShownMs;
      show(node, fresh);
      setText(heading, t('page.lastAnswer'));
      if (fresh) card.update(rework);
    },
  };
}

export function reworkCard() {
  const symbol = el('span', { class: 'card-symbol' });
  const title = el('span', { class: 'card-title' });
  const rest = el('p', { class: 'card-rest' });
  const node = el('div', { class: 'card', role: 'alert' }, el('p', { class: 'card-line' }, symbol, title), rest);
  return {
    node,
    update(card) {
      const words = reworkAnswer(card);
      setAttribute(node, 'data-answer', card.answer);
      rebuild(symbol, card.answer, () => [
        icon(
          card.answer === 'accept'
            ? 'pass'
            : card.answer === 'looking'
              ? 'busy'
              : card.answer === 'already-final'
              ? 'low'
              : card.answer === 'other-run' || card.answer === 'wait'
                ? 'high'
                : 'stop',
        ),
      ]);
      setText(title, words.title);
      setText(rest, [words.advice, words.why, card.code_tail ? `…${card.code_tail}` : ''].filter(Boolean).join(' · '));
    },
  };
}
