// Start, pause, resume and end a run.
import { get, order } from '../calls.js';
import { el } from '../dom.js';
import { count } from '../format.js';
import { labelPicture } from '../parts/label-picture.js';
import { t } from '../words.js';
import { openDialog } from './dialog.js';

export async function startDialog(lineId, done) {
  const list = el(
    'div',
    { class: 'orders', role: 'radiogroup', 'aria-label': t('dialog.startChoose') },
    el('p', { class: 'quiet' }, t('dialog.startLoad')),
  );
  const label = labelPicture(lineId);
  list.addEventListener('change', (event) => label.show(event.target.value));
  const dialog = openDialog({
    title: t('dialog.startTitle'),
    content: [list, label.node],
    go: t('dialog.startGo'),
    class: 'wide',
    act: async (who) => {
      const orderId = list.querySelector('input:checked')?.value;
      if (!orderId) return t('dialog.startChoose');
      return finish(await order(lineId, 'start', { orderId, who }), 'start', done);
    },
  });

  const work = await get(`/api/lines/${encodeURIComponent(lineId)}/work`);
  if (!work.ok) {
    list.replaceChildren();
    dialog.fail(work.text);
    return;
  }
  const orders = Array.isArray(work.body) ? work.body : (work.body?.orders ?? []);
  const firstOpen = orders.findIndex((one) => one.batchState !== 'suspended');
  list.replaceChildren(
    ...(orders.length > 0
      ? orders.map((one, at) => choice(one, at === firstOpen))
      : [el('p', {}, t('dialog.startEmpty'))]),
  );
  if (firstOpen >= 0) label.show(orders[firstOpen].orderId);
}

function choice(one, chosen) {
  const suspended = one.batchState === 'suspended';
  return el(
    'label',
    { class: 'order' },
    el('input', { type: 'radio', name: 'order', value: one.orderId, checked: chosen, disabled: suspended }),
    el(
      'span',
      { class: 'order-words' },
      el('span', { class: 'order-product' }, one.product),
      el(
        'span',
        { class: 'quiet' },
        t('dialog.orderLine', { batch: one.batchNumber, verified: count(one.verified), target: count(one.target) }),
      ),
    ),
    suspended ? el('span', { class: 'order-suspended' }, t('dialog.orderSuspended')) : null,
  );
}

/** Texts of a dialog of their own; the other actions say it in one line. */
const explained = ['pause', 'resume', 'end'];

/** Pause, resume, end and the like: a sentence on what will happen, then the order. */
export function simpleDialog(lineId, action, done) {
  const long = explained.includes(action);
  openDialog({
    title: t(long ? `dialog.${action}Title` : `actions.${action}`),
    content: long ? [el('p', {}, t(`dialog.${action}Text`))] : [],
    go: t(`actions.${action}`),
    tone: action === 'end' ? 'danger' : 'go',
    act: async (who) => finish(await order(lineId, action, { who }), action, done),
  });
}

/** A new roll: its lot number, from a scanner that types or by hand. */
export function rollDialog(lineId, what, done) {
  const lot = el('input', { type: 'text', name: 'lot', class: 'code', lang: 'en', maxlength: '60', autocomplete: 'off', spellcheck: 'false' });
  openDialog({
    title: t(what === 'media' ? 'runPage.changeMedia' : 'runPage.changeRibbon'),
    go: t('dialog.confirm'),
    focus: lot,
    content: [el('label', {}, t('runPage.lot'), lot)],
    act: async (who) => {
      if (lot.value.trim() === '') {
        lot.focus();
        return t('refusals.lot-missing');
      }
      return finish(await order(lineId, 'roll-changed', { what, lot: lot.value.trim(), who }), 'roll-changed', done);
    },
  });
}

/** A good item becomes a sample. */
export function sampleDialog(lineId, done) {
  const code = el('input', { type: 'text', name: 'code', class: 'code', lang: 'en', inputmode: 'url', maxlength: '400', autocomplete: 'off', spellcheck: 'false' });
  const why = el('input', { type: 'text', name: 'why', maxlength: '60', autocomplete: 'off' });
  openDialog({
    title: t('actions.sample'),
    go: t('actions.sample'),
    focus: code,
    content: [
      el('p', {}, t('runPage.sampleText')),
      el('label', {}, t('dialog.code'), code),
      el('label', {}, t('runPage.why'), why),
    ],
    act: async (who) => finish(await order(lineId, 'sample', { payload: code.value.trim(), why: why.value.trim(), who }), 'sample', done),
  });
}

export function finish(answer, action, done) {
  if (!answer.ok) return answer.text;
  done(t('dialog.done', { action: t(`actions.${action}`) }));
  return null;
}
