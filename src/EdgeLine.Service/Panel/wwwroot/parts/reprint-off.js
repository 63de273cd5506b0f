// Where only a person can switch off the printer's own reprint: what to do there, from its profile, in both languages.
import { order } from '../calls.js';
import { openDialog } from '../dialogs/dialog.js';
import { finish } from '../dialogs/run.js';
import { el, rebuild, show } from '../dom.js';
import { icon } from '../icons.js';
import { language, t } from '../words.js';

export function reprintOffCard(lineId, done) {
  const heading = el('h2');
  const body = el('div');
  const node = el('section', { class: 'panel reprint-off', role: 'alert' }, heading, body);
  return {
    node,
    update({ reprintOff, actions, stale }) {
      const wanted = !stale && reprintOff.state === 'wanted' && actions.includes('reprint-off');
      show(node, wanted);
      if (!wanted) return;
      rebuild(heading, language(), () => [icon('high'), t('runPage.reprintOff')]);
      rebuild(body, [reprintOff, language()], () => [
        el('p', { class: 'quiet' }, t('runPage.reprintOffText')),
        ...steps(reprintOff),
        el(
          'div',
          { class: 'buttons' },
          el(
            'button',
            { class: 'big go', type: 'button', 'data-reprint-off': '', onclick: () => confirmDialog(lineId, reprintOff, done) },
            icon('done'),
            t('actions.reprint-off'),
          ),
        ),
      ]);
    },
  };
}

/** The reader's language first; whoever stands at the printer may know only the other one. */
function steps({ en, zh }) {
  const one = (lang, text, first) => el('p', { class: first ? 'large' : 'quiet', lang }, text);
  return language() === 'zh' ? [one('zh', zh, true), one('en', en, false)] : [one('en', en, true), one('zh', zh, false)];
}

function confirmDialog(lineId, reprintOff, done) {
  openDialog({
    title: t('runPage.reprintOff'),
    go: t('actions.reprint-off'),
    content: steps(reprintOff),
    act: async (who) => finish(await order(lineId, 'reprint-off', { boot: reprintOff.boot, who }), 'reprint-off', done),
  });
}
