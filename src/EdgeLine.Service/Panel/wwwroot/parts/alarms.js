// What is wrong, how badly, since when, what to do, and buttons for "seen" and "put aside for a while".
import { el, rebuild, setText } from '../dom.js';
import { clock } from '../format.js';
import { icon } from '../icons.js';
import { cause, language, t, word } from '../words.js';

const order = ['unack', 'rtn_unack', 'acked', 'shelved'];
const shelfMinutes = [30, 120, 480];

/** `handle('acknowledge' | 'shelve' | 'unshelve', { key, minutes })`. */
export function alarmList(handle) {
  const heading = el('h2');
  const list = el('ul', { class: 'alarms' });
  const node = el('section', { class: 'panel', id: 'alarms' }, heading, list);
  return {
    node,
    update(picture, nowMs) {
      const { alarms, alarmsBeyondList, actions, stale } = picture;
      const may = (action) => !stale && actions.includes(action);
      const ordered = [...alarms].sort((a, b) => order.indexOf(a.state) - order.indexOf(b.state));
      setText(heading, t('page.alarms'));
      rebuild(list, [ordered, alarmsBeyondList, may('acknowledge'), may('shelve')], () => [
        ...ordered.map((alarm) => row(alarm, nowMs, may, handle)),
        ordered.length === 0 ? el('li', { class: 'quiet' }, t('page.noAlarms')) : null,
        alarmsBeyondList > 0 ? el('li', { class: 'quiet' }, t('page.moreAlarms', { n: alarmsBeyondList })) : null,
      ]);
    },
  };
}

function row(alarm, nowMs, may, handle) {
  const { title, advice } = cause(alarm.key, alarm.args);
  const quiet = alarm.state === 'acked' || alarm.state === 'shelved';
  return el(
    'li',
    {
      class: `alarm ${quiet ? 'is-seen' : ''}`,
      'data-severity': alarm.severity,
      'data-key': alarm.key,
      'data-state': alarm.state,
    },
    el('div', { class: 'alarm-severity' }, icon(alarm.severity), word('severities', alarm.severity)),
    el(
      'div',
      { class: 'alarm-words' },
      el('p', { class: 'alarm-title' }, title),
      el('p', {}, advice),
      // The profile of this very printer may know better which button it is.
      alarm.hint ? el('p', { class: 'alarm-hint' }, alarm.hint[language()] ?? alarm.hint.en) : null,
      el('p', { class: 'quiet' }, [t('page.since', { time: clock(alarm.raised_ms, nowMs) }), ...life(alarm, nowMs)].join(' · ')),
    ),
    el('div', { class: 'alarm-buttons' }, ...buttons(alarm, may, handle)),
  );
}

function life(alarm, nowMs) {
  return [
    alarm.state === 'unack' ? null : t(`alarmStates.${alarm.state}`, { time: clock(alarm.shelved_until_ms ?? 0, nowMs) }),
    alarm.acked_by ? t('alarmActions.seenBy', { who: alarm.acked_by }) : null,
  ].filter((text) => text !== null);
}

function buttons(alarm, may, handle) {
  const button = (text, action, minutes) =>
    el('button', { class: 'plain', type: 'button', onclick: () => handle(action, { key: alarm.key, minutes }) }, text);
  if (alarm.state === 'shelved') return may('shelve') ? [button(t('alarmActions.unshelve'), 'unshelve')] : [];
  const open = alarm.state === 'unack' || alarm.state === 'rtn_unack';
  return [
    open && may('acknowledge') ? button(t('actions.acknowledge'), 'acknowledge') : null,
    may('shelve')
      ? el(
          'details',
          { class: 'alarm-shelf' },
          el('summary', {}, t('alarmActions.shelve')),
          ...shelfMinutes.map((minutes) => button(t(`alarmActions.for${minutes}`), 'shelve', minutes)),
        )
      : null,
  ].filter((one) => one !== null);
}
