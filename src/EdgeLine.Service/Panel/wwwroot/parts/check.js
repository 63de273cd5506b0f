// The scanner check: three items whose answer is known, one step at a time.
import { order } from '../calls.js';
import { simpleDialog } from '../dialogs/run.js';
import { openDialog } from '../dialogs/dialog.js';
import { el, rebuild, setAttribute, show } from '../dom.js';
import { clock, count } from '../format.js';
import { icon } from '../icons.js';
import { t } from '../words.js';

const steps = { 'test-label': 'stepTest', blank: 'stepBlank', foreign: 'stepForeign' };
const states = { none: 'checkNone', due: 'checkDue', overdue: 'checkOverdue', passed: 'checkPassed', failed: 'checkFailed', running: 'checkDraining' };

export function checkPanel(lineId, done) {
  const text = el('p', { class: 'large', 'aria-live': 'polite' });
  const next = el('p', { class: 'quiet' });
  const buttons = el('div', { class: 'buttons' });
  const node = el('section', { class: 'panel check' }, el('h2', {}, icon('rework'), t('runPage.check')), text, next, buttons);
  const answer = (blankRejected) =>
    openDialog({
      title: t('runPage.stepBlank'),
      go: t(blankRejected ? 'runPage.blankRejected' : 'runPage.blankPassed'),
      tone: blankRejected ? 'go' : 'danger',
      act: async (who) => {
        const said = await order(lineId, 'scanner-check-end', { blankRejected, who });
        return said.ok ? null : said.text;
      },
    });
  return {
    node,
    update({ check, actions, stale }, nowMs) {
      setAttribute(node, 'data-check', check.state);
      const step = check.state === 'running' ? check.step : '';
      rebuild(text, [check.state, step, check.suspects], () => [
        t(`runPage.${steps[step] ?? states[check.state] ?? 'checkNone'}`, { n: count(check.suspects) }),
      ]);
      show(next, check.due_ms > 0 && check.state !== 'running');
      rebuild(next, check.due_ms, () => [t('runPage.checkNext', { time: clock(check.due_ms, nowMs, false) })]);
      const offered = [
        ...(step === 'blank' ? ['blankRejected', 'blankPassed'] : []),
        ...(check.state !== 'running' && actions.includes('scanner-check') ? ['startCheck'] : []),
      ];
      rebuild(buttons, stale ? [] : offered, () =>
        (stale ? [] : offered).map((name) =>
          el(
            'button',
            {
              class: `big ${name === 'blankPassed' ? 'danger' : name === 'startCheck' ? 'plain' : 'go'}`,
              type: 'button',
              'data-check-button': name,
              onclick: () => (name === 'startCheck' ? simpleDialog(lineId, 'scanner-check', done) : answer(name === 'blankRejected')),
            },
            t(`runPage.${name}`),
          ),
        ),
      );
    },
  };
}
