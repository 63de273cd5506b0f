// Effectiveness of the line with the window it is for, and the pace of the moment.
import { el, rebuild, setText, show } from '../dom.js';
import { count } from '../format.js';
import { t } from '../words.js';

const shares = ['availability', 'performance', 'quality', 'oee'];

export function effectiveness() {
  const heading = el('h2');
  const row = el('div', { class: 'oee-row' });
  const window = el('p', { class: 'quiet' });
  const rate = el('p', { class: 'quiet' });
  const node = el('section', { class: 'panel oee', id: 'oee' }, heading, row, window, rate);
  return {
    node,
    update({ oee, rate: pace }) {
      show(node, oee !== null);
      if (oee === null) return;
      setText(heading, t('oee.title'));
      rebuild(row, shares.map((name) => oee[name]), () => shares.map((name) => figure(name, oee[name])));
      const covered = Math.round(oee.covered_s / 60);
      setText(
        window,
        [
          t('oee.window', {
            window: oee.window_min,
            planned: Math.round(oee.planned_s / 60),
            run: Math.round(oee.run_s / 60),
            ideal: count(oee.ideal_per_min),
          }),
          covered < oee.window_min ? t('oee.covered', { n: covered }) : null,
        ]
          .filter((text) => text !== null)
          .join(' · '),
      );
      setText(
        rate,
        pace ? t('oee.rate', { now: count(Math.round(pace.per_min)), mean: count(Math.round(pace.mean_5min)), target: count(pace.target) }) : '',
      );
    },
  };
}

// More than 100 % is an ideal set too low; the topic says the number as it is.
function figure(name, share) {
  const text = share === null || share === undefined ? t('oee.unknown') : `${Math.round(Math.min(1, share) * 100)} %`;
  return el('div', { class: `oee-figure oee-${name}` }, el('p', { class: 'count-label' }, t(`oee.${name}`)), el('p', { class: 'count-number' }, text));
}
