// The full page of one line, in the order in which people need it.
import { order } from './calls.js';
import { dialogIsOpen } from './dialogs/dialog.js';
import { clearanceDialog } from './dialogs/clearance.js';
import { reworkDialog, voidDialog } from './dialogs/codes.js';
import { signInDialog } from './dialogs/sign-in.js';
import { simpleDialog, startDialog } from './dialogs/run.js';
import { el, show } from './dom.js';
import { notice } from './notice.js';
import { operatorName } from './operator.js';
import { accounting } from './parts/account.js';
import { actionBar } from './parts/action-bar.js';
import { alarmList } from './parts/alarms.js';
import { devices } from './parts/devices.js';
import { effectiveness } from './parts/oee.js';
import { cardKey, refusedList, reworkNote } from './parts/notes.js';
import { itemCounts, production } from './parts/production.js';
import { reprintOffCard } from './parts/reprint-off.js';
import { stateBar } from './parts/state-bar.js';
import { benchVerdict, spokenVerdict, verdictStrip } from './parts/verdicts.js';
import { pageTabs } from './pages/tabs.js';
import { me } from './session.js';
import { beep } from './sound.js';

const speakEveryMs = 1500;

export function lineView(lineId, pace) {
  let picture = null;
  let newest = null;
  let spokenAt = 0;
  let cardShown = '';
  const cardListeners = new Set();
  const done = (text) => notice(text, 'good');

  const press = (action, firstKey) => {
    if (action === 'start') startDialog(lineId, done);
    else if (action === 'clearance') clearanceDialog(lineId, picture.reasonArgs.max ?? '?', done);
    else if (action === 'rework') reworkDialog(lineId, subscribe, firstKey);
    else if (action === 'void') voidDialog(lineId, done);
    else simpleDialog(lineId, action, done);
  };
  const subscribe = (listener) => {
    cardListeners.add(listener);
    return () => cardListeners.delete(listener);
  };
  const handleAlarm = async (action, body) => {
    const answer = await order(lineId, action, { ...body, who: operatorName() || '?' });
    if (!answer.ok) notice(answer.text, 'bad');
  };

  const bench = benchVerdict();
  const strip = verdictStrip();
  const top = [stateBar(), refusedList(), reprintOffCard(lineId, done), reworkNote()];
  const numbers = [production(pace), itemCounts()];
  const rest = [strip, accounting(), devices(pace), alarmList(handleAlarm), effectiveness()];
  const bar = actionBar(press);
  const body = el('div', { class: 'line-body' }, ...numbers.map((part) => part.node), ...rest.map((part) => part.node));
  const node = el('div', { class: 'line' }, pageTabs(lineId, 'line'), ...top.map((part) => part.node), bench.node, body, bar.node);
  const parts = [...top, bench, ...numbers, ...rest, bar];

  const wedge = (event) => {
    // A scanner that types needs no click first: its first character opens the rework table.
    const typing = event.target instanceof Element && event.target.closest('input, select, textarea, dialog');
    if (typing || dialogIsOpen() || event.ctrlKey || event.altKey || event.metaKey || !/^[\w:/.\]]$/.test(event.key))
      return;
    if (!picture || picture.stale) return;
    // Nobody is signed in: what comes first is a badge.
    const badge = me().people && me().name === null;
    if (!badge && !picture.actions.includes('rework')) return;
    event.preventDefault();
    if (badge) signInDialog(() => {}, event.key);
    else press('rework', event.key);
  };
  document.addEventListener('keydown', wedge);

  const followVerdicts = () => {
    const latest = picture.verdicts[0];
    const mark = latest ? `${latest.item}/${latest.at_ms}` : null;
    const first = newest === null;
    if (mark === newest || !latest) return;
    newest = mark;
    if (first || picture.stale) return;
    if (picture.bench) beep(latest.pass);
    // A fast conveyor would talk without end: rejects come first, good items only where there is time.
    if (performance.now() - spokenAt >= speakEveryMs && (picture.bench || !latest.pass)) {
      spokenAt = performance.now();
      document.getElementById('spoken').textContent = spokenVerdict(latest);
    }
  };

  return {
    node,
    update(next, nowMs) {
      picture = next;
      node.classList.toggle('is-stale', Boolean(next.stale));
      node.dataset.state = next.state;
      for (const part of parts) part.update(next, nowMs);
      show(bench.node, next.bench && next.run !== null);
      // A line that never ran has no numbers; the list of what to correct stands alone.
      show(body, !['config-refused', 'ledger-damaged', 'ledger-refused'].includes(next.reason) || next.asOfSeq > 0);
      followVerdicts();
      if (next.rework && cardKey(next.rework) !== cardShown) {
        const first = cardShown === '' && cardListeners.size === 0;
        cardShown = cardKey(next.rework);
        if (!first) for (const listener of cardListeners) listener(next.rework);
      }
    },
    dispose() {
      document.removeEventListener('keydown', wedge);
    },
  };
}
