// The first article: one label with a test code and the text of the run, compared with the order by a person.
import { order } from '../calls.js';
import { openDialog } from '../dialogs/dialog.js';
import { finish, simpleDialog } from '../dialogs/run.js';
import { el, rebuild, setAttribute } from '../dom.js';
import { icon } from '../icons.js';
import { t } from '../words.js';

const texts = { none: 'firstNone', wanted: 'firstWanted', printing: 'firstPrinting', 'to-approve': 'firstToApprove', approved: 'firstApproved' };

export function firstArticlePanel(lineId, done) {
  const text = el('p', { class: 'large', 'aria-live': 'polite' });
  const buttons = el('div', { class: 'buttons' });
  const node = el('section', { class: 'panel first-article' }, el('h2', {}, icon('done'), t('runPage.firstArticle')), text, buttons);
  const judge = (approved, tail) => {
    const why = el('input', { type: 'text', name: 'why', maxlength: '60', autocomplete: 'off' });
    openDialog({
      title: t('runPage.firstArticle'),
      go: t(approved ? 'runPage.approve' : 'runPage.refuse'),
      tone: approved ? 'go' : 'danger',
      content: [
        el('p', { class: 'large' }, t('runPage.firstToApprove', { tail })),
        approved ? null : el('label', {}, t('runPage.refuseWhy'), why),
      ].filter(Boolean),
      act: async (who) => finish(await order(lineId, 'first-article', { approved, why: why.value.trim(), who }), 'first-article', done),
    });
  };
  return {
    node,
    update({ firstArticle, actions, stale }) {
      const tail = firstArticle.code_tail;
      setAttribute(node, 'data-first', firstArticle.state);
      rebuild(text, firstArticle, () => [t(`runPage.${texts[firstArticle.state] ?? 'firstNone'}`, { tail })]);
      const offered = stale
        ? []
        : firstArticle.state === 'to-approve'
          ? ['approve', 'refuse']
          : actions.includes('first-article')
            ? ['printFirst']
            : [];
      rebuild(buttons, [offered, tail], () =>
        offered.map((name) =>
          el(
            'button',
            {
              class: `big ${name === 'refuse' ? 'danger' : 'go'}`,
              type: 'button',
              'data-first-button': name,
              onclick: () => (name === 'printFirst' ? simpleDialog(lineId, 'first-article', done) : judge(name === 'approve', tail)),
            },
            t(`runPage.${name}`),
          ),
        ),
      );
    },
  };
}
