// The last items: on a conveyor a strip, newest first; on a bench the newest verdict is the whole point of the screen.
import { el, rebuild, setAttribute, setText, show } from '../dom.js';
import { clock } from '../format.js';
import { icon } from '../icons.js';
import { rejection, t } from '../words.js';

export function verdictStrip() {
  const heading = el('h2');
  const list = el('ol', { class: 'verdicts' });
  const node = el('section', { class: 'panel' }, heading, list);
  return {
    node,
    update({ verdicts }) {
      setText(heading, t('page.verdicts'));
      rebuild(list, verdicts, () =>
        verdicts.length > 0 ? verdicts.map(chip) : [el('li', { class: 'quiet' }, t('page.noVerdicts'))],
      );
    },
  };
}

function chip(verdict) {
  const word = verdict.pass ? { title: t('page.pass'), advice: '' } : rejection(verdict.reason);
  return el(
    'li',
    { class: `verdict ${verdict.pass ? 'is-pass' : 'is-reject'}`, title: word.advice },
    el('span', { class: 'verdict-word' }, icon(verdict.pass ? 'pass' : 'reject'), word.title),
    el(
      'span',
      { class: 'verdict-facts' },
      el('span', {}, `#${verdict.item}`),
      el('span', {}, verdict.code_tail ? `…${verdict.code_tail}` : ''),
      el('span', {}, clock(verdict.at_ms)),
    ),
  );
}

export function benchVerdict() {
  const symbol = el('div', { class: 'bench-symbol' });
  const wordNode = el('p', { class: 'bench-word' });
  const detail = el('p', { class: 'bench-detail' });
  const next = el('p', { class: 'bench-next' });
  const node = el('section', { class: 'bench' }, symbol, el('div', {}, wordNode, detail), next);
  return {
    node,
    update({ verdicts, inFlight, run, stale }) {
      const verdict = verdicts[0];
      show(node, run !== null);
      const kind = stale || !verdict ? 'none' : verdict.pass ? 'pass' : 'reject';
      setAttribute(node, 'data-verdict', kind);
      rebuild(symbol, kind, () => (kind === 'none' ? [] : [icon(kind)]));
      setText(wordNode, kind === 'none' ? (stale ? '' : t('page.noVerdicts')) : bigWord(verdict));
      setText(detail, kind === 'none' ? '' : verdict.pass ? `…${verdict.code_tail}` : rejection(verdict.reason).advice);
      setText(
        next,
        stale
          ? ''
          : kind === 'reject'
            ? afterReject(verdict, inFlight)
            : t(inFlight > 0 ? 'page.benchStick' : 'page.benchWait'),
      );
    },
  };
}

/** Whoever hit another code, or none, scans the right one; only a label that was read and refused puts its item aside. */
function afterReject({ reason }, inFlight) {
  if (['no-read', 'other-symbol'].includes(reason) && inFlight > 0) return t('page.benchScanAgain');
  return `${t('page.benchAgain')} ${t(inFlight > 0 ? 'page.benchStickNext' : 'page.benchWait')}`;
}

function bigWord(verdict) {
  return verdict.pass ? t('page.pass') : `${t('page.reject')} · ${rejection(verdict.reason).title}`;
}

/** What a screen reader says about a verdict. */
export function spokenVerdict(verdict) {
  return verdict.pass
    ? t('page.verdictGood', { n: verdict.item })
    : t('page.verdictBad', { n: verdict.item, why: rejection(verdict.reason).title });
}
