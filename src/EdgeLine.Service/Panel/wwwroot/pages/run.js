// The run page: orders, the run, first article, scanner check, rolls, samples, and the runs so far.
import { get } from '../calls.js';
import { clearanceDialog } from '../dialogs/clearance.js';
import { rollDialog, sampleDialog, simpleDialog, startDialog } from '../dialogs/run.js';
import { voidDialog } from '../dialogs/codes.js';
import { el, rebuild, setAttribute, setText, show } from '../dom.js';
import { clock, count } from '../format.js';
import { icon } from '../icons.js';
import { notice } from '../notice.js';
import { actionBar } from '../parts/action-bar.js';
import { checkPanel } from '../parts/check.js';
import { firstArticlePanel } from '../parts/first-article.js';
import { production } from '../parts/production.js';
import { refusedList } from '../parts/notes.js';
import { reprintOffCard } from '../parts/reprint-off.js';
import { stateBar } from '../parts/state-bar.js';
import { t } from '../words.js';
import { pageAddress, pageTabs } from './tabs.js';

export function runPage(lineId, pace) {
  let picture = null;
  let seenRun = undefined;
  const base = `/api/lines/${encodeURIComponent(lineId)}`;
  const done = (text) => notice(text, 'good');
  const press = (action) => {
    if (action === 'start') startDialog(lineId, done);
    else if (action === 'clearance') clearanceDialog(lineId, picture.reasonArgs.max ?? '?', done);
    else if (action === 'rework') location.hash = pageAddress(lineId, 'rework');
    else if (action === 'void') voidDialog(lineId, done);
    else simpleDialog(lineId, action, done);
  };

  const orders = el('div', { class: 'orders' });
  const runs = el('div', { class: 'runs' });
  const media = mediaPanel(lineId, done);
  const sample = el(
    'button',
    { class: 'big plain', type: 'button', 'data-action': 'sample', onclick: () => sampleDialog(lineId, done) },
    icon('low'),
    t('actions.sample'),
  );
  const parts = [stateBar(), refusedList(), reprintOffCard(lineId, done), production(pace), firstArticlePanel(lineId, done), checkPanel(lineId, done), media];
  const bar = actionBar(press);
  const node = el(
    'div',
    { class: 'page run-page line' },
    pageTabs(lineId, 'run'),
    parts[0].node,
    parts[1].node,
    parts[2].node,
    el(
      'div',
      { class: 'run-columns' },
      ...parts.slice(3).map((part) => part.node),
      el('section', { class: 'panel' }, el('h2', {}, t('runPage.orders')), orders),
      el('section', { class: 'panel' }, el('h2', {}, t('actions.sample')), el('p', { class: 'quiet' }, t('runPage.sampleText')), sample),
      el('section', { class: 'panel' }, el('h2', {}, t('runPage.runs')), runs),
    ),
    bar.node,
  );

  // Orders and past runs change with a run; the picture says when there is another one.
  const learn = async () => {
    const [work, past] = await Promise.all([get(`${base}/work`), get(`${base}/runs`)]);
    const list = work.ok ? (Array.isArray(work.body) ? work.body : (work.body?.orders ?? [])) : [];
    rebuild(orders, [list, work.ok], () => (list.length === 0 ? [el('p', { class: 'quiet' }, work.ok ? t('dialog.startEmpty') : work.text)] : list.map(orderRow)));
    rebuild(runs, [past.body, past.ok], () =>
      !past.ok
        ? [el('p', { class: 'quiet' }, past.key === 'needs-sign-in' ? t('people.wanted') : past.text)]
        : past.body.length === 0
          ? [el('p', { class: 'quiet' }, t('runPage.noRuns'))]
          : past.body.map((run) => runRow(lineId, run)),
    );
  };

  return {
    node,
    update(next, nowMs) {
      picture = next;
      setAttribute(node, 'data-state', next.state);
      node.classList.toggle('is-stale', Boolean(next.stale));
      for (const part of parts) part.update(next, nowMs);
      bar.update(next);
      sample.disabled = Boolean(next.stale) || !next.actions.includes('sample');
      const mark = `${next.run?.id}/${next.state}`;
      if (mark !== seenRun) {
        seenRun = mark;
        learn();
      }
    },
    dispose() {},
  };
}

function orderRow(one) {
  return el(
    'div',
    { class: 'order' },
    el(
      'span',
      { class: 'order-words' },
      el('span', { class: 'order-product' }, one.product),
      el('span', { class: 'quiet' }, t('dialog.orderLine', { batch: one.batchNumber, verified: count(one.verified), target: count(one.target) })),
    ),
    one.batchState === 'suspended' ? el('span', { class: 'order-suspended' }, t('dialog.orderSuspended')) : null,
  );
}

function runRow(lineId, run) {
  const good = run.countedAtEnd === null || run.countedAtEnd === undefined ? t('runPage.running') : `${count(run.countedAtEnd)} / ${count(run.target)}`;
  return el(
    'a',
    { class: 'order run-row', href: pageAddress(lineId, 'report', run.runId) },
    el(
      'span',
      { class: 'order-words' },
      el('span', { class: 'order-product' }, `${run.batchNumber} · ${run.product}`),
      el('span', { class: 'quiet' }, t('runPage.started', { time: clock(run.startedMs, Date.now(), false), who: run.startedBy })),
    ),
    el('b', { class: 'run-good' }, good),
  );
}

function mediaPanel(lineId, done) {
  const lots = ['media', 'ribbon'].map((what) => ({
    what,
    lot: el('b', { class: 'mono' }),
    button: el('button', { class: 'big plain', type: 'button', 'data-roll': what, onclick: () => rollDialog(lineId, what, done) }, t(what === 'media' ? 'runPage.changeMedia' : 'runPage.changeRibbon')),
  }));
  const since = el('p', { class: 'quiet' });
  const node = el(
    'section',
    { class: 'panel media' },
    el('h2', {}, t('runPage.media')),
    ...lots.map(({ what, lot, button }) => el('div', { class: 'media-row' }, el('p', {}, `${t(`runPage.${what}Lot`)}: `, lot), button)),
    since,
  );
  return {
    node,
    update({ media, actions, stale }, nowMs) {
      for (const { what, lot, button } of lots) {
        setText(lot, media[`${what}_lot`] || '–');
        button.disabled = Boolean(stale) || !actions.includes('roll-changed');
      }
      setText(since, media.changed_ms > 0 ? t('page.since', { time: clock(media.changed_ms, nowMs, false) }) : '');
      show(since, media.changed_ms > 0);
    },
  };
}
