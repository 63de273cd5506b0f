// The rework table: scan, read one line, do it, next.
import { order } from '../calls.js';
import { signInDialog } from '../dialogs/sign-in.js';
import { el, rebuild, setAttribute, setText, show } from '../dom.js';
import { clock } from '../format.js';
import { icon } from '../icons.js';
import { notice } from '../notice.js';
import { operatorName } from '../operator.js';
import { cardKey, reworkCard } from '../parts/notes.js';
import { me } from '../session.js';
import { reworkAnswer, t } from '../words.js';
import { scanField } from './scan-field.js';
import { pageTabs } from './tabs.js';

const lastMax = 8;
const freshMs = 20_000;

export function reworkPage(lineId) {
  const waiting = el('p', { class: 'rework-wait' }, t('reworkPage.waiting'));
  const card = reworkCard();
  const trouble = el('p', { class: 'trouble', role: 'alert' });
  const voidButton = el('button', { class: 'big danger', type: 'button', 'data-action': 'void' }, icon('void'), t('reworkPage.void'));
  const replacement = el(
    'button',
    { class: 'big plain', type: 'button', 'data-action': 'replacement' },
    icon('start'),
    t('reworkPage.replacement'),
  );
  const list = el('ol', { class: 'rework-last' });
  const last = [];
  let payload = '';
  let scans = 0;
  let shown = '';
  let nowMs = Date.now();

  const fail = (text) => {
    trouble.textContent = text ?? '';
    show(trouble, Boolean(text));
  };
  const wait = (text) => {
    show(card.node, false);
    show(voidButton, false);
    show(waiting, true);
    setText(waiting, text);
  };
  const showCard = (answer) => {
    fail(null);
    if (answer.answer === 'looking') {
      // Another label is in the hand: the answer to the one before must not be taken for its answer.
      wait(`${t('reworkPage.checking')}${answer.code_tail ? ` …${answer.code_tail}` : ''}`);
      return;
    }
    show(waiting, false);
    show(card.node, true);
    card.update(answer);
    // Only a typed code is left to be withdrawn; behind every other label to destroy its code may be on a good item.
    show(voidButton, answer.answer === 'destroy' && answer.reason === 'typed' && payload !== '');
    last.unshift({ ...answer });
    last.length = Math.min(last.length, lastMax);
    rebuild(list, last, () => last.map((one) => lastItem(one, nowMs)));
  };
  const ask = async (action, body, isOvertaken = () => false) => {
    if (me().people && me().name === null) {
      signInDialog(() => ask(action, body, isOvertaken));
      return false;
    }
    const answer = await order(lineId, action, { ...body, who: operatorName() || '?' });
    if (!isOvertaken()) fail(answer.ok ? null : answer.text);
    return answer.ok;
  };
  const scan = scanField(t('reworkPage.scan'), async (text) => {
    payload = text;
    const scan = ++scans;
    wait(t('reworkPage.checking'));
    if ((await ask('rework', { payload: text }, () => scan !== scans)) || scan !== scans) return;
    wait(t('reworkPage.waiting'));
  });
  voidButton.addEventListener('click', async () => {
    const code = payload.split('/').at(-1).replace(/[\s-]/g, '').toUpperCase();
    if (await ask('void', { code, reason: 'label-destroyed' })) {
      notice(t('reworkPage.voided', { tail: code.slice(-4) }), 'good');
      wait(t('reworkPage.waiting'));
    }
    scan.focus();
  });
  replacement.addEventListener('click', async () => {
    if (await ask('replacement', {})) notice(t('reworkPage.printed'), 'good');
    scan.focus();
  });

  fail(null);
  show(card.node, false);
  show(voidButton, false);
  const node = el(
    'div',
    { class: 'page rework-page' },
    pageTabs(lineId, 'rework'),
    el('section', { class: 'panel' }, el('h1', {}, t('reworkPage.scan')), scan.node, el('p', { class: 'quiet' }, t('reworkPage.hint'))),
    el('section', { class: 'panel rework-answer', 'aria-live': 'assertive' }, trouble, waiting, card.node, voidButton),
    el('section', { class: 'panel' }, el('h2', {}, t('reworkPage.last')), list),
    el('nav', { class: 'actions' }, replacement, el('p', { class: 'quiet' }, t('reworkPage.replacementHint'))),
  );
  return {
    node,
    focus: scan.focus,
    update(picture, ms) {
      nowMs = ms;
      setAttribute(node, 'data-state', picture.state);
      replacement.disabled = Boolean(picture.stale) || !picture.actions.includes('replacement');
      if (picture.rework && cardKey(picture.rework) !== shown) {
        // An answer from before this page was opened is shown while it can still be the one that somebody waits for.
        const old = shown === '' && payload === '' && ms - picture.rework.at_ms > freshMs;
        shown = cardKey(picture.rework);
        if (!old) showCard(picture.rework);
      }
    },
    dispose: scan.dispose,
  };
}

function lastItem(card, nowMs) {
  return el(
    'li',
    { 'data-answer': card.answer },
    el('b', {}, reworkAnswer(card).title),
    el('span', { class: 'mono' }, card.code_tail ? ` …${card.code_tail}` : ''),
    el('span', { class: 'quiet' }, ` ${clock(card.at_ms, nowMs)}`),
  );
}
