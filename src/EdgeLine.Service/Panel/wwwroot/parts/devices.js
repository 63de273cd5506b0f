// One tile for each thing that the line needs: what it is, whether it is there, what is wrong with it.
import { el, rebuild, setText } from '../dom.js';
import { clock, count } from '../format.js';
import { icon } from '../icons.js';
import { cause, t, word } from '../words.js';

export function devices(pace) {
  const heading = el('h2');
  const tiles = el('div', { class: 'tiles' });
  const node = el('section', { class: 'panel' }, heading, tiles);
  return {
    node,
    update(picture, nowMs) {
      setText(heading, t('page.equipment'));
      const all = [...picture.devices.map(deviceTile), codesTile(picture, pace, nowMs)];
      rebuild(tiles, all, () => all.map(tileNode));
    },
  };
}

function deviceTile(device) {
  const state = device.state ?? 'unknown';
  const lines = [];
  if (device.fault) lines.push(cause(device.fault).title);
  if (device.backlog > 0) lines.push(t('page.backlog', { n: count(device.backlog) }));
  if (device.profile) lines.push(device.profile);
  if (device.detail) lines.push(device.detail);
  if (device.recalled_from) lines.push(t('page.recalledFrom', { file: device.recalled_from }));
  if (device.read_percent !== undefined) lines.push(t('page.readPercent', { n: device.read_percent }));
  if (device.offset_items) lines.push(t('page.offsetItems', { n: device.offset_items }));
  return { name: word('devices', device.name), kind: state, state: word('deviceStates', state), lines };
}

function codesTile({ codesLeft, leaseExpiresMs, run, counts, state }, pace, nowMs) {
  const perMinute = state === 'Execute' ? pace.perMinute(run, counts.verified, nowMs) : null;
  const lines = [];
  if (codesLeft > 0 && perMinute) lines.push(t('page.minutesLeft', { n: count(Math.floor(codesLeft / perMinute)) }));
  if (leaseExpiresMs > 0) lines.push(t('page.leaseEnds', { time: clock(leaseExpiresMs, nowMs, false) }));
  const kind = codesLeft === undefined ? 'unknown' : codesLeft > 0 ? 'up' : 'none';
  return {
    name: word('devices', 'codes'),
    kind,
    state: codesLeft > 0 ? t('page.leftCodes', { n: count(codesLeft) }) : t('page.noCodes'),
    lines,
  };
}

function tileNode({ name, kind, state, lines }) {
  return el(
    'div',
    { class: 'tile', 'data-state': kind },
    el('p', { class: 'tile-name' }, name),
    el('p', { class: 'tile-state' }, icon(kind), el('span', {}, state)),
    ...lines.map((line, at) =>
      el('p', { class: at === 0 && kind !== 'up' ? 'tile-line first' : 'tile-line quiet' }, line),
    ),
  );
}
