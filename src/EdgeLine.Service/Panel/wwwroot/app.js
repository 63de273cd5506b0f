// Parts list of the page: the feed on one side, the view that the address asks for on the other, one clock for both.
import { get } from './calls.js';
import { Feed } from './feed.js';
import { askedForBroker, signIn } from './remote.js';
import { lineView } from './line-view.js';
import { overview } from './overview.js';
import { historyPage } from './pages/history.js';
import { reportPage } from './pages/report.js';
import { reworkPage } from './pages/rework.js';
import { runPage } from './pages/run.js';
import { placeOf } from './pages/tabs.js';
import { Pace } from './pace.js';
import { stateWords } from './parts/state-bar.js';
import { refusedList } from './parts/notes.js';
import { siteFileBanner } from './parts/site-file.js';
import { pictureOf } from './picture.js';
import { atScreen } from './screen.js';
import { learnMe, onSession, watchSession } from './session.js';
import { topStrip } from './top.js';
import { chooseLanguage, otherLanguage, useSiteLanguage } from './words.js';

const content = document.getElementById('content');
const paces = new Map();
let site = { lines: [], problems: [], language: navigator.language.startsWith('zh') ? 'zh' : 'en' };
let view = null;
let banner = null;
let here = null;
let place = { line: '', page: 'line', rest: '' };
let shownHash = null;
let top = null;
let drawn = true;
let firstVersion = '';

const remote = askedForBroker();

const heard = (lineId, topic) => {
  if (feed && (topic === 'counts' || topic === 'batch')) pace(lineId);
  if (lineId === null && feed?.connected && !remote) learnSite();
  // Many messages, one drawing.
  if (drawn && feed) {
    drawn = false;
    requestAnimationFrame(draw);
  }
};
let feed = remote ? null : new Feed(heard);

function pace(lineId) {
  const { batch, counts } = feed.lines.get(lineId).topics;
  if (!paces.has(lineId)) paces.set(lineId, new Pace());
  if (batch && counts && batch.run_id === counts.run_id)
    paces.get(lineId).add(batch.run_id ?? null, counts.run?.verified ?? 0, feed.now());
}

function pictures() {
  const ids = [...site.lines.map((line) => line.id), ...feed.lines.keys()];
  return [...new Set(ids)].map((id) => pictureOf(id, feed.lines.get(id), feed.staleness(id), site));
}

function draw() {
  drawn = true;
  const nowMs = feed.now();
  const all = pictures();
  reloadAfterUpgrade(all);
  top.update(all, here, nowMs);
  if (here === '') {
    view.update(all, nowMs);
    document.title = 'EdgeLine';
    return;
  }
  const picture = all.find((one) => one.id === here);
  if (picture) {
    view.update(picture, nowMs);
    document.title = `${stateWords(picture, nowMs).name} · ${picture.title}`;
  }
}

function go() {
  if (location.hash === shownHash) return;
  shownHash = location.hash;
  place = placeOf(location.hash);
  here = place.line;
  build();
}

/** Makes everything anew, in the language of the moment. */
function build() {
  useSiteLanguage(site.language);
  view?.dispose();
  top = topStrip(switchLanguage, () => content.focus());
  document.getElementById('top').replaceChildren(...top.nodes);
  if (here !== '' && !paces.has(here)) paces.set(here, new Pace());
  atScreen(place.page === 'line' ? 'panel' : place.page);
  document.body.dataset.page = here === '' ? 'overview' : place.page;
  view = viewOf();
  banner?.dispose();
  // A dashboard that sees only the broker changes nothing.
  banner = remote ? null : siteFileBanner();
  content.replaceChildren(...[banner?.node, view.node, siteProblems()].filter(Boolean));
  window.scrollTo(0, 0);
  draw();
  view.focus?.();
}

function viewOf() {
  if (here === '') return overview();
  // From the broker alone there is one page of a line, the one to look at.
  if (remote) return lineView(here, paces.get(here));
  switch (place.page) {
    case 'run':
      return runPage(here, paces.get(here));
    case 'rework':
      return reworkPage(here);
    case 'report':
      return reportPage(here, place.rest);
    case 'history':
      return historyPage(here, place.rest);
    default:
      return lineView(here, paces.get(here));
  }
}

function siteProblems() {
  const list = refusedList();
  list.update({ problems: here === '' ? site.problems : [] });
  return list.node;
}

function switchLanguage() {
  chooseLanguage(otherLanguage());
  build();
  document.getElementById('language').focus();
}

/** Asked at the start and whenever the service is back: it may have another configuration by then. */
async function learnSite() {
  const before = JSON.stringify(site);
  const answer = await get('/api/site');
  if (!answer.ok || !answer.body) return;
  feed.learnClock(answer.date);
  const { lines = [], problems = [], language = 'zh' } = answer.body;
  // What is only a warning refuses nothing; `edgeline check` shows it to those who can use it.
  site = {
    lines,
    problems: problems.filter((one) => typeof one !== 'string' || !one.includes(': warning: ')),
    language,
  };
  if (JSON.stringify(site) !== before && view) build();
}

/** A screen that hangs on a wall for months must not go on with the page of an older version. */
function reloadAfterUpgrade(all) {
  const version = all.find((picture) => picture.version)?.version ?? '';
  if (firstVersion === '') firstVersion = version;
  else if (version !== '' && version !== firstVersion) location.reload();
}

if (remote) {
  site = { ...site, readOnly: true };
  document.documentElement.classList.add('read-only');
  useSiteLanguage(site.language);
  feed = await signIn(remote, content, heard);
} else {
  await learnSite();
  await learnMe();
  // Signed in or out: pages ask again for what they may show, and the name at the top changes.
  onSession(() => {
    if (['run', 'report', 'history'].includes(place.page) && here !== '') build();
    else draw();
  });
  watchSession();
}
window.addEventListener('hashchange', go);
go();
if (!remote) feed.open();
setInterval(draw, 1000);
