// What is wrong, how badly, since when, what to do, and a button that says "seen".
import { el, rebuild, setText } from '../dom.js';
import { clock } from '../format.js';
import { icon } from '../icons.js';
import { cause, t, word } from '../words.js';

export function alarmList(acknowledge) {
  const heading = el('h2');
  const list = el('ul', { class: 'alarms' });
  const node = el('section', { class: 'panel', id: 'alarms' }, heading, list);
  return {
    node,
    update(picture, nowMs) {
      const { alarms, alarmsBeyondList, actions, stale } = picture;
      const mayAcknowledge = !stale && actions.includes('acknowledge');
      const ordered = [...alarms].sort((a, b) => Number(a.acknowledged) - Number(b.acknowledged));
      setText(heading, t('page.alarms'));
      rebuild(list, [ordered, alarmsBeyondList, mayAcknowledge], () => [
        ...ordered.map((alarm) => row(alarm, nowMs, mayAcknowledge ? () => acknowledge(alarm.key) : null)),
        ordered.length === 0 ? el('li', { class: 'quiet' }, t('page.noAlarms')) : null,
        alarmsBeyondList > 0 ? el('li', { class: 'quiet' }, t('page.moreAlarms', { n: alarmsBeyondList })) : null,
      ]);
    },
  };
}

function row(alarm, nowMs, acknowledge) {
  const { title, advice } = cause(alarm.key, alarm.args);
  return el(
    'li',
    { class: `alarm ${alarm.acknowledged ? 'is-seen' : ''}`, 'data-severity': alarm.severity, 'data-key': alarm.key },
    el('div', { class: 'alarm-severity' }, icon(alarm.severity), word('severities', alarm.severity)),
    el(
      'div',
      { class: 'alarm-words' },
      el('p', { class: 'alarm-title' }, title),
      el('p', {}, advice),
      el(
        'p',
        { class: 'quiet' },
        t('page.since', { time: clock(alarm.raised_ms, nowMs) }),
        alarm.acknowledged ? ` · ${t('page.seen')}` : '',
      ),
    ),
    acknowledge && !alarm.acknowledged
      ? el('button', { class: 'plain', onclick: acknowledge }, t('actions.acknowledge'))
      : null,
  );
}
