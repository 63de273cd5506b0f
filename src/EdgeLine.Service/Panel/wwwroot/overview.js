// One card for each line, as large as the screen allows: it is read from the other end of the hall.
import { el, rebuild, setAttribute, setText, show } from './dom.js';
import { count, duration, percent } from './format.js';
import { icon } from './icons.js';
import { alarmCount, stateWords } from './parts/state-bar.js';
import { t } from './words.js';

export function overview() {
  const node = el('div', { class: 'cards' });
  const empty = el('p', { class: 'panel' }, t('page.noLines'));
  const cards = new Map();
  return {
    node,
    update(pictures, nowMs) {
      for (const picture of pictures) {
        let card = cards.get(picture.id);
        if (!card) {
          card = lineCard(picture.id);
          cards.set(picture.id, card);
          node.append(card.node);
        }
        card.update(picture, nowMs);
      }
      if (pictures.length === 0) node.replaceChildren(empty);
      else empty.remove();
    },
    dispose() {},
  };
}

function lineCard(id) {
  const title = el('h2');
  const time = el('span', { class: 'state-time', 'aria-hidden': 'true' });
  const symbol = el('span', { class: 'state-symbol' });
  const name = el('p', { class: 'state-name' });
  const why = el('p', { class: 'state-why' });
  const advice = el('p', { class: 'state-advice' });
  const product = el('p', { class: 'product' });
  const actual = el('span', { class: 'actual' });
  const target = el('span', { class: 'target' });
  const share = el('span', { class: 'share' });
  const filled = el('div', { class: 'bar-filled' });
  const numbers = el('p', { class: 'facts' });
  const alarms = el('p', { class: 'card-alarms' });
  const bar = el(
    'div',
    { class: 'state-bar' },
    el('div', { class: 'state-main' }, symbol, el('div', { class: 'state-words' }, name, why), time),
    advice,
  );
  const body = el(
    'div',
    { class: 'card-body' },
    product,
    el('div', { class: 'numbers' }, el('span', {}, actual, ' ', target), share),
    el('div', { class: 'bar' }, filled),
    numbers,
  );
  const node = el(
    'a',
    { class: 'line-card', href: `#${encodeURIComponent(id)}` },
    el('div', { class: 'panel-head' }, title, alarms),
    bar,
    body,
  );

  return {
    node,
    update(picture, nowMs) {
      const words = stateWords(picture, nowMs);
      const { run, counts } = picture;
      node.classList.toggle('is-stale', Boolean(picture.stale));
      setText(title, picture.title);
      setAttribute(bar, 'data-tone', words.tone);
      rebuild(symbol, words.tone, () => [icon(words.tone)]);
      setText(name, words.name);
      setText(why, words.why);
      show(why, words.why !== '');
      setText(advice, words.advice);
      show(advice, words.advice !== '');
      setText(time, picture.stale || !picture.sinceMs ? '' : duration(nowMs - picture.sinceMs));
      show(body, run !== null);
      setText(product, run?.product);
      setText(actual, run ? count(counts.verified) : '–');
      setText(target, run ? t('page.of', { target: count(run.target) }) : '');
      setText(share, run ? t('page.percent', { n: percent(counts.verified, run.target, 0) }) : '');
      filled.style.width = run ? `${Math.min(100, (100 * counts.verified) / run.target)}%` : '0';
      rebuild(numbers, [run !== null, counts], () =>
        run === null
          ? []
          : [
              ['good', counts.verified],
              ['rejected', counts.rejected],
              ['noRead', counts.no_read],
            ].map(([key, n]) => el('span', {}, `${t(`page.${key}`)} `, el('b', {}, count(n)))),
      );
      const open = picture.stale ? 0 : picture.alarms.length + picture.alarmsBeyondList;
      rebuild(alarms, open, () => (open === 0 ? [] : [icon('bell'), alarmCount(open)]));
    },
  };
}
