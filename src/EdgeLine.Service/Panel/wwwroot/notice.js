// Short messages at the edge of the screen: what was done goes away by itself, what failed stays until it is touched.
import { el } from './dom.js';

const goodForMs = 5000;

export function notice(text, kind) {
  const area = document.getElementById('notices');
  const node = el('button', { class: `notice ${kind}`, type: 'button', onclick: () => node.remove() }, text);
  area.replaceChildren(node);
  if (kind === 'good') setTimeout(() => node.remove(), goodForMs);
}
