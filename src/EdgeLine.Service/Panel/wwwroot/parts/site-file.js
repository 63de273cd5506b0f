// The banner of a changed site file: what is wrong with it, what it waits for, and the button that puts it into force.
import { get, send } from '../calls.js';
import { showDialog } from '../dialogs/dialog.js';
import { signInDialog } from '../dialogs/sign-in.js';
import { whoField } from '../dialogs/who.js';
import { el, rebuild, show } from '../dom.js';
import { notice } from '../notice.js';
import { screenName } from '../screen.js';
import { me } from '../session.js';
import { t } from '../words.js';
import { refusedList } from './notes.js';

const askEveryMs = 5000;

/** One banner for the whole page; asks by itself. */
export function siteFileBanner() {
  const text = el('p', { class: 'large' });
  const problems = refusedList();
  const button = el('button', { class: 'big go', type: 'button', id: 'apply-files', onclick: apply }, t('siteFile.apply'));
  const node = el('section', { class: 'panel changed-files', role: 'status' }, el('h2', {}, t('siteFile.title')), text, problems.node, button);
  show(node, false);

  function apply() {
    if (me().people && me().name === null) {
      signInDialog(apply);
      return;
    }
    showDialog({
      title: t('siteFile.apply'),
      content: [el('p', {}, t('siteFile.applyText'))],
      go: t('siteFile.apply'),
      who: whoField(),
      act: async (who) => {
        const answer = await send('/api/configuration/apply', { who, screen: screenName() });
        if (!answer.ok) return answer.text;
        notice(t('siteFile.done'), 'good');
        show(node, false);
        return null;
      },
    });
  }

  const ask = async () => {
    const answer = await get('/api/configuration');
    if (!answer.ok) return;
    const { changed, waiting } = answer.body;
    show(node, changed);
    rebuild(text, answer.body, () => [
      t(answer.body.problems.length > 0 ? 'siteFile.wrong' : waiting.length > 0 ? 'siteFile.waits' : 'siteFile.ready', { lines: waiting.join(', ') }),
    ]);
    problems.update({ problems: answer.body.problems });
    show(button, answer.body.mayApply);
  };
  ask();
  const timer = setInterval(ask, askEveryMs);
  return { node, dispose: () => clearInterval(timer) };
}
