// The batch report: every code accounted for, several witnesses side by side, who did what. Made to be printed.
import { getSlowly } from '../calls.js';
import { el, show } from '../dom.js';
import { clock, count } from '../format.js';
import { entryReason, kindWord, t, word } from '../words.js';
import { table } from './table.js';
import { pageAddress, pageTabs } from './tabs.js';

export function reportPage(lineId, runId) {
  const sheet = el('article', { class: 'sheet', 'aria-busy': 'true' }, el('p', {}, t('report.making')));
  const trouble = el('p', { class: 'trouble', role: 'alert' });
  show(trouble, false);
  const query = runId ? `?run=${encodeURIComponent(runId)}` : '';
  const base = `/api/lines/${encodeURIComponent(lineId)}`;
  const make = async () => {
    const answer = await getSlowly(`${base}/report${query}`);
    sheet.setAttribute('aria-busy', 'false');
    const none = answer.key === 'no-such-run' && !runId;
    trouble.textContent = answer.ok || none ? '' : answer.text;
    show(trouble, !answer.ok && !none);
    sheet.replaceChildren(...(answer.ok ? reportOf(answer.body) : [el('p', {}, none ? t('report.none') : '')]));
  };
  const node = el(
    'div',
    { class: 'page report-page' },
    pageTabs(lineId, 'report'),
    trouble,
    el(
      'div',
      { class: 'report-tools' },
      el('button', { class: 'big go', type: 'button', onclick: () => window.print() }, t('report.print')),
      el('a', { class: 'button big', href: `${base}/report.csv${query}`, download: '' }, t('report.csv')),
      el('button', { class: 'big', type: 'button', onclick: make }, t('report.again')),
    ),
    sheet,
  );
  make();
  return { node, update() {}, dispose() {} };
}

function reportOf(report) {
  const { run } = report;
  const end = run.endedMs ?? Date.now();
  const facts = [
    ['line', report.line],
    ['order', run.orderId],
    ['run', run.runId],
    ['target', count(run.target)],
    ['period', `${day(run.startedMs)} ${clock(run.startedMs)} – ${run.endedMs ? clock(run.endedMs, run.startedMs) : '…'}`],
    ['startedBy', run.startedBy],
    ['ended', run.endedMs ? entryReason(run.endReason) : t('report.stillRunning')],
  ];
  return [
    el('h1', {}, `${t('report.title')} ${run.batchNumber}`),
    el('p', { class: 'large' }, run.product),
    el('dl', { class: 'facts-list' }, ...facts.map(([key, text]) => el('div', {}, el('dt', {}, t(`report.${key}`)), el('dd', {}, text)))),
    el('p', { class: 'quiet' }, t('report.asOf', { n: count(report.asOfSeq) })),
    report.searchedThrough < report.asOfSeq ? el('p', { class: 'warn' }, t('report.partly', { n: count(report.searchedThrough) })) : null,
    ...accountOf(report),
    part('witnesses', table(['report.what', 'report.counted', ''], report.witnesses.map(witnessRow), 'is-witnesses')),
    part('rejects', reasons(report.rejects)),
    part('voids', reasons(report.voids)),
    ...suspectsOf(report),
    part(
      'exceptions',
      table(
        ['report.code', 'report.state', 'report.reason', 'report.who', 'report.when'],
        report.exceptions.map((one) => [
          el('a', { class: 'mono', href: pageAddress(report.line, 'history', one.code) }, one.code),
          stateWord(one.state),
          entryReason(one.reason),
          one.who,
          clock(one.atMs, end),
        ]),
        'is-exceptions',
      ),
      report.exceptionsBeyond,
    ),
    part(
      'actions',
      table(
        ['report.when', 'report.what', 'report.reason', 'report.who', 'report.number'],
        report.actions.map((one) => [
          clock(one.atMs, end),
          `${kindWord(one)}${one.codeTail ? ` …${one.codeTail}` : ''}`,
          [entryReason(one.reason), one.detail].filter(Boolean).join(' · '),
          one.who,
          one.count > 0 ? count(one.count) : '',
        ]),
        'is-actions',
      ),
      report.actionsBeyond,
    ),
    el('p', { class: 'signature' }, t('report.signed')),
  ].filter((one) => one !== null);
}

function accountOf({ codes, order }) {
  const states = ['verified', 'rejected', 'in-doubt', 'printing', 'sampled', 'void'].map((state) => [stateWord(state), codes[state] ?? 0]);
  const others = Object.keys(codes).filter((state) => !states.some(([shown]) => shown === stateWord(state)));
  const sum = Object.values(codes).reduce((total, n) => total + n, 0);
  const leased = [
    [t('report.thisRun'), order.thisRun],
    [t('report.otherRuns'), order.otherRuns],
    [word('account', 'available'), order.available],
    [word('account', 'returned'), order.returned],
    [word('account', 'expired'), order.expired],
    [t('report.withdrawn'), order.withdrawn],
    [word('account', 'remainder'), order.remainder],
  ];
  return [
    part('codes', equation([t('report.sum'), sum], [...states, ...others.map((state) => [stateWord(state), codes[state]])])),
    part('orderCodes', equation([word('account', 'leased'), order.leased], leased)),
  ];
}

function equation(total, terms) {
  return el(
    'div',
    { class: 'terms' },
    ...[total, ...terms].map(([name, n], at) =>
      el(
        'div',
        { class: n === 0 ? 'is-zero' : '' },
        el('span', { class: 'sign' }, at === 0 ? '' : at === 1 ? '=' : '+'),
        el('b', {}, count(n)),
        el('span', {}, name),
      ),
    ),
  );
}

function witnessRow({ name, count: n, agrees }) {
  const key = agrees === null ? 'open' : agrees ? 'agrees' : 'differs';
  const shown = name === 'codes-printed' || name === 'codes-verified' || name === 'items-judged' ? '' : t(`report.${key}`);
  return [word('witnesses', name), name === 'platform-confirmed' && agrees === null ? '–' : count(n), el('span', { class: key }, shown)];
}

function suspectsOf({ suspects }) {
  return suspects.length === 0
    ? []
    : [
        part(
          'suspects',
          el(
            'div',
            {},
            ...suspects.flatMap((one) => [
              el('p', { class: 'bad' }, t('report.suspectsText', { time: clock(one.failedMs), n: count(one.count), after: count(one.afterSeq) })),
              el('p', { class: 'mono codes' }, one.codes.join(' ')),
            ]),
          ),
          suspects.reduce((beyond, one) => beyond + one.count - one.codes.length, 0),
        ),
      ];
}

function reasons(list) {
  return list.length === 0
    ? el('p', { class: 'quiet' }, t('report.noRejects'))
    : table(['report.reason', 'report.number'], list.map((one) => [entryReason(one.reason), count(one.count)]), 'is-reasons');
}

function part(name, content, beyond = 0) {
  return el(
    'section',
    { class: `part part-${name}` },
    el('h2', {}, t(`report.${name}`)),
    content,
    beyond > 0 ? el('p', { class: 'warn' }, t('report.beyond', { n: count(beyond) })) : null,
  );
}

function stateWord(state) {
  return word('account', state.replace('-', '_'));
}

function day(ms) {
  const at = new Date(ms);
  return `${at.getFullYear()}-${String(at.getMonth() + 1).padStart(2, '0')}-${String(at.getDate()).padStart(2, '0')}`;
}
