// Start, pause, resume and end a run.
import { get, order } from '../calls.js';
import { el } from '../dom.js';
import { count } from '../format.js';
import { t } from '../words.js';
import { openDialog } from './dialog.js';

export async function startDialog(lineId, done) {
  const list = el(
    'div',
    { class: 'orders', role: 'radiogroup', 'aria-label': t('dialog.startChoose') },
    el('p', { class: 'quiet' }, t('dialog.startLoad')),
  );
  const dialog = openDialog({
    title: t('dialog.startTitle'),
    content: [list],
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

/** Pause, resume and end: a sentence on what will happen, then the order. */
export function simpleDialog(lineId, action, done) {
  openDialog({
    title: t(`dialog.${action}Title`),
    content: [el('p', {}, t(`dialog.${action}Text`))],
    go: t(`actions.${action}`),
    tone: action === 'end' ? 'danger' : 'go',
    act: async (who) => finish(await order(lineId, action, { who }), action, done),
  });
}

export function finish(answer, action, done) {
  if (!answer.ok) return answer.text;
  done(t('dialog.done', { action: t(`actions.${action}`) }));
  return null;
}
