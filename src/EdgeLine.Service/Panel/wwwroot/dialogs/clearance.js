// Line clearance: how many labels a person found and removed, typed on keys that a gloved finger hits.
import { order } from '../calls.js';
import { el, setText, show } from '../dom.js';
import { t } from '../words.js';
import { openDialog } from './dialog.js';
import { numberKeys } from './keys.js';
import { finish } from './run.js';

const digitsMax = 4;

export function clearanceDialog(lineId, max, done) {
  let typed = '';
  const shown = el('output', { class: 'found', 'aria-live': 'polite' }, '–');
  const tooMany = el('p', { class: 'warn' }, t('dialog.clearTooMany'));
  const why = el('input', { type: 'text', name: 'why', maxlength: '200', autocomplete: 'off' });
  const enter = (text) => {
    typed = text.replace(/^0+(?=\d)/, '').slice(0, digitsMax);
    setText(shown, typed === '' ? '–' : typed);
    show(tooMany, typed !== '' && Number(typed) > Number(max));
  };
  const keys = numberKeys(
    (digit) => enter(typed + digit),
    (all) => enter(all ? '' : typed.slice(0, -1)),
  );
  // A keyboard, where there is one, types into the same number.
  const content = el(
    'div',
    {
      class: 'clearance',
      tabindex: '-1',
      onkeydown: (event) => {
        if (/^\d$/.test(event.key)) enter(typed + event.key);
        else if (event.key === 'Backspace') enter(typed.slice(0, -1));
      },
    },
    el(
      'div',
      { class: 'clearance-words' },
      el('p', { class: 'large' }, t('dialog.clearText', { max })),
      el('p', { class: 'found-label' }, t('dialog.clearFound')),
      shown,
      tooMany,
    ),
    keys,
  );

  enter('');
  openDialog({
    title: t('dialog.clearTitle'),
    content: [content, el('label', {}, t('dialog.clearWhy'), why)],
    go: t('dialog.clearGo'),
    class: 'wide',
    focus: content,
    act: async (who) => {
      if (typed === '') return t('dialog.clearNeeded');
      return finish(
        await order(lineId, 'clearance', { found: Number(typed), who, why: why.value.trim() || 'line-clearance' }),
        'clearance',
        done,
      );
    },
  });
}
