// Target against actual, and what became of the items of this run.
import { el, rebuild, setAttribute, setText, show } from '../dom.js';
import { clock, count, percent } from '../format.js';
import { icon } from '../icons.js';
import { t } from '../words.js';

export function production(pace) {
  const product = el('p', { class: 'product' });
  const batch = el('p', { class: 'quiet' });
  const good = el('span', { class: 'actual' });
  const target = el('span', { class: 'target' });
  const share = el('span', { class: 'share' });
  const filled = el('div', { class: 'bar-filled' });
  const bar = el('div', { class: 'bar', role: 'progressbar', 'aria-valuemin': '0', 'aria-valuemax': '100' }, filled);
  const facts = el('p', { class: 'facts' });
  const node = el(
    'section',
    { class: 'panel production' },
    el('div', { class: 'panel-head' }, product, batch),
    el('div', { class: 'numbers' }, el('span', {}, good, ' ', target), share),
    bar,
    facts,
  );

  return {
    node,
    update(picture, nowMs) {
      const { run, counts } = picture;
      setAttribute(node, 'aria-label', t('page.production'));
      setText(product, run?.product ?? t('page.noRun'));
      setText(
        batch,
        run
          ? `${t('page.batch')} ${run.batchNumber} · ${t('page.started', { time: clock(run.startedMs, nowMs, false), who: run.startedBy })}`
          : '',
      );
      const part = run ? percent(counts.verified, run.target) : '–';
      setText(good, run ? count(counts.verified) : '–');
      setText(target, run ? t('page.of', { target: count(run.target) }) : '');
      setText(share, run ? t('page.percent', { n: part }) : '');
      show(bar, run !== null);
      setAttribute(bar, 'aria-valuenow', run ? part : '0');
      setAttribute(bar, 'aria-label', t('page.production'));
      filled.style.width = run ? `${Math.min(100, (100 * counts.verified) / run.target)}%` : '0';
      rebuild(facts, factsOf(picture, pace, nowMs), () =>
        factsOf(picture, pace, nowMs).map((text) => el('span', {}, text)),
      );
    },
  };
}

function factsOf(picture, pace, nowMs) {
  const { run, counts, state, inFlight, stale } = picture;
  if (!run) return [];
  const left = Math.max(0, run.target - counts.verified);
  const perMinute = state === 'Execute' && !stale ? pace.perMinute(run, counts.verified, nowMs) : null;
  const endMs = perMinute ? nowMs + (left / perMinute) * 60_000 : null;
  return [
    left > 0 ? t('page.left', { n: count(left) }) : t('page.done'),
    perMinute ? t('page.rate', { n: count(Math.round(perMinute)) }) : null,
    endMs && left > 0 ? t('page.endsAt', { time: clock(endMs, nowMs, false) }) : null,
    inFlight > 0 ? t('page.inFlight', { n: inFlight }) : null,
  ].filter((text) => text !== null);
}

export function itemCounts() {
  const heading = el('h2');
  const kinds = [
    ['good', 'pass'],
    ['rejected', 'reject'],
    ['noRead', 'unknown'],
  ].map(([name, symbol]) => {
    const label = el('span');
    const parts = { name, label, number: el('p', { class: 'count-number' }), share: el('p', { class: 'quiet' }) };
    parts.node = el(
      'div',
      { class: `count count-${name}` },
      el('p', { class: 'count-label' }, icon(symbol), label),
      parts.number,
      parts.share,
    );
    return parts;
  });
  const notes = el('p', { class: 'facts' });
  const node = el(
    'section',
    { class: 'panel counts' },
    heading,
    el('div', { class: 'count-row' }, ...kinds.map((kind) => kind.node)),
    notes,
  );

  return {
    node,
    update({ run, counts }) {
      setText(heading, t('page.counts'));
      const items = counts.verified + counts.rejected;
      const numbers = { good: counts.verified, rejected: counts.rejected, noRead: counts.no_read };
      for (const kind of kinds) {
        setText(kind.label, t(`page.${kind.name}`));
        setText(kind.number, run ? count(numbers[kind.name]) : '–');
        setText(kind.share, run && items > 0 ? t('page.ofItems', { n: percent(numbers[kind.name], items) }) : '');
      }
      const lines = [
        ['reworked', counts.reworked],
        ['unlabelled', counts.unlabelled],
        ['intruders', counts.intruders],
      ].filter(([, n]) => run && n > 0);
      rebuild(notes, lines, () => lines.map(([name, n]) => el('span', {}, t(`page.${name}`, { n: count(n) }))));
    },
  };
}
