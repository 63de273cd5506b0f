// First thing anybody sees: does it run, since when, and if not, why and what to do.
import { el, rebuild, setAttribute, setText, show } from '../dom.js';
import { clock, duration } from '../format.js';
import { icon } from '../icons.js';
import { cause, t, word } from '../words.js';

export function stateBar() {
  const symbol = el('div', { class: 'state-symbol' });
  const name = el('h1', { class: 'state-name' });
  const why = el('p', { class: 'state-why' });
  const since = el('p', { class: 'state-since' });
  const inState = el('p', { class: 'state-time' });
  const advice = el('p', { class: 'state-advice' });
  const alarms = el('button', {
    class: 'state-alarms',
    type: 'button',
    onclick: () => document.getElementById('alarms')?.scrollIntoView({ block: 'center' }),
  });
  const node = el(
    'section',
    { class: 'state-bar', 'aria-live': 'polite' },
    el(
      'div',
      { class: 'state-main' },
      symbol,
      el('div', { class: 'state-words' }, name, why),
      // The time changes each second: not for screen readers.
      el('div', { class: 'state-clock' }, el('div', { 'aria-hidden': 'true' }, inState, since), alarms),
    ),
    advice,
  );

  return {
    node,
    update(picture, nowMs) {
      const words = stateWords(picture, nowMs);
      setAttribute(node, 'data-tone', words.tone);
      rebuild(symbol, words.tone, () => [icon(words.tone)]);
      setText(name, words.name);
      setText(why, words.why);
      show(why, words.why !== '');
      setText(advice, words.advice);
      show(advice, words.advice !== '');
      const open = picture.stale ? 0 : picture.alarms.length + picture.alarmsBeyondList;
      show(alarms, open > 0);
      rebuild(alarms, open, () => [icon('bell'), alarmCount(open)]);
      const known = !picture.stale && picture.sinceMs > 0;
      setText(inState, known ? duration(nowMs - picture.sinceMs) : '');
      setText(since, known ? t('page.since', { time: clock(picture.sinceMs, nowMs) }) : '');
    },
  };
}

export function alarmCount(open) {
  return open === 1 ? t('page.alarmOpen') : t('page.alarmsOpen', { n: open });
}

/** State, reason and remedy in words; while the numbers are old, only that. */
export function stateWords(picture, nowMs) {
  if (picture.stale) {
    const { sinceMs, offline } = picture.stale;
    return {
      tone: 'none',
      name: sinceMs ? t('page.noData', { time: clock(sinceMs, nowMs) }) : t('page.noDataYet'),
      why: '',
      advice: sinceMs ? t(offline ? 'page.offlineAdvice' : 'page.noDataAdvice') : t('page.connecting'),
    };
  }

  const { title, advice } = picture.reason ? cause(picture.reason, picture.reasonArgs) : { title: '', advice: '' };
  // What a run ended for asks nothing of anybody any more.
  const asks = picture.state === 'Complete' ? '' : advice;
  // What the line does now follows from what stopped it first, and that is what people have to mend.
  const first = picture.stopReason?.key;
  const began = first && first !== picture.reason && ['Held', 'Suspended'].includes(picture.state) ? t('page.beganWith', { cause: cause(first).title }) : '';
  return { tone: picture.tone, name: word('states', picture.state), why: [title, began].filter(Boolean).join(' · '), advice: asks };
}
