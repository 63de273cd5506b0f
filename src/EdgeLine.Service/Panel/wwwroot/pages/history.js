// The history of one code: every entry of it, in words.
import { getSlowly } from '../calls.js';
import { el, rebuild, show } from '../dom.js';
import { clock, count } from '../format.js';
import { entryReason, kindWord, t, word } from '../words.js';
import { scanField } from './scan-field.js';
import { pageAddress, pageTabs } from './tabs.js';

export function historyPage(lineId, code) {
  const answer = el('div', { class: 'history-answer' });
  const trouble = el('p', { class: 'trouble', role: 'alert' });
  show(trouble, false);
  const look = async (text) => {
    const found = await getSlowly(`/api/history?code=${encodeURIComponent(text)}`);
    trouble.textContent = found.ok ? '' : found.text;
    show(trouble, !found.ok);
    if (found.ok) rebuild(answer, found.body, () => storyOf(found.body, Date.now()));
    else answer.replaceChildren();
  };
  const scan = scanField(t('history.scan'), (text) => {
    const last = text.split('/').at(-1).replace(/[\s-]/g, '').toUpperCase();
    const address = pageAddress(lineId, 'history', last);
    if (location.hash === address) look(last);
    else location.hash = address;
  });
  const node = el(
    'div',
    { class: 'page history-page' },
    pageTabs(lineId, 'history'),
    el('section', { class: 'panel' }, el('h1', {}, t('history.title')), el('p', { class: 'quiet' }, t('history.scan')), scan.node, trouble),
    answer,
  );
  if (code) look(code);
  return { node, focus: scan.focus, update() {}, dispose: scan.dispose };
}

function storyOf(found, nowMs) {
  return [
    el(
      'section',
      { class: 'panel' },
      el('p', { class: 'history-code mono' }, found.code.replace(/(.{4})(?=.)/g, '$1 ')),
      el('p', { class: 'large' }, `${t('history.state')}: `, el('b', { 'data-code-state': found.state }, word('account', found.state.replace('-', '_')))),
      el('p', {}, t('history.leased', { line: found.line, lease: found.leaseId })),
      found.runId ? el('p', {}, el('a', { class: 'link', href: pageAddress(found.line, 'report', found.runId) }, `${t('history.run')} ${found.runId}`)) : null,
      found.sealedThrough > 0 ? el('p', { class: 'warn' }, t('history.sealed', { n: count(found.sealedThrough) })) : null,
      found.steps.length === 0 && found.sealedThrough === 0 ? el('p', {}, t('history.neverPrinted')) : null,
      found.searchedThrough < found.asOfSeq
        ? el('p', { class: 'warn' }, t('history.partly', { n: count(found.searchedThrough), head: count(found.asOfSeq) }))
        : null,
    ),
    el('ol', { class: 'panel story' }, ...found.steps.map((step) => stepOf(step, found.confirmedSeq, nowMs))),
  ];
}

function stepOf(step, confirmedSeq, nowMs) {
  const facts = [
    entryReason(step.reason),
    step.item > 0 ? t('history.item', { n: count(step.item) }) : '',
    step.who,
    entryReason(step.detail),
    t('history.entry', { n: count(step.seq) }),
    t(step.seq <= confirmedSeq ? 'history.confirmed' : 'history.notYet'),
  ];
  return el(
    'li',
    {},
    el('time', { class: 'mono' }, clock(step.atMs, nowMs)),
    el('div', {}, el('b', {}, kindWord(step)), el('p', { class: 'quiet' }, facts.filter(Boolean).join(' · '))),
  );
}
