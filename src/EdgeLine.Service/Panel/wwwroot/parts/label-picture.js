// The picture of the label of an order, drawn in this browser from the very ZPL that the printer would get.
import { get } from '../calls.js';
import { el } from '../dom.js';
import { t } from '../words.js';

// Nine megabytes: fetched when the first picture is wanted, and kept.
let renderer = null;

function draw(label) {
  renderer ??= import('/preview/zpl-renderer.js').then((module) => module.ready);
  return renderer.then(({ api }) => api.zplToBase64Async(label.zpl, label.widthMm, label.heightMm, label.dotsPerMm));
}

/** { node, show(orderId) }: the newest order asked for wins. */
export function labelPicture(lineId) {
  const node = el('figure', { class: 'label-picture', 'aria-live': 'polite' });
  let wanted = 0;
  const say = (...words) => node.replaceChildren(el('figcaption', { class: 'quiet' }, ...words));
  return {
    node,
    async show(orderId) {
      const mine = ++wanted;
      say(t('label.drawing'));
      const answer = await get(`/api/lines/${encodeURIComponent(lineId)}/label?order=${encodeURIComponent(orderId)}`);
      if (mine !== wanted) return;
      if (!answer.ok) return say(answer.text);
      const label = answer.body;
      if (label.problems.length > 0) {
        node.replaceChildren(el('figcaption', { class: 'trouble' }, t('label.refused')), ...label.problems.map((one) => el('p', { class: 'label-problem' }, one)));
        return;
      }
      const size = t('label.size', { width: Math.round(label.widthMm), height: Math.round(label.heightMm), dots: label.dotsPerMm });
      try {
        const png = await draw(label);
        if (mine !== wanted) return;
        node.replaceChildren(el('img', { src: `data:image/png;base64,${png}`, alt: t('label.alt') }), el('figcaption', { class: 'quiet' }, size));
      } catch {
        renderer = null;
        if (mine === wanted) say(t('label.noPicture'));
      }
    },
  };
}
