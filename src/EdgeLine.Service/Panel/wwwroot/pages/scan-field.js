// A field that always has the focus, so that a scanner that types needs no touch first.
import { dialogIsOpen } from '../dialogs/dialog.js';
import { el } from '../dom.js';

/** `{ node, dispose }`; `scanned(text)` is called for each line that ends with Enter. */
export function scanField(label, scanned) {
  // A Chinese input method must not turn the scanner's keystrokes into characters, hence `lang` and `inputmode`.
  const input = el('input', {
    type: 'text',
    name: 'code',
    class: 'code',
    'aria-label': label,
    lang: 'en',
    inputmode: 'url',
    autocomplete: 'off',
    autocapitalize: 'characters',
    spellcheck: 'false',
    maxlength: '400',
  });
  const node = el('form', { class: 'scan', novalidate: true }, input);
  node.addEventListener('submit', (event) => {
    event.preventDefault();
    const text = input.value.trim();
    input.value = '';
    if (text !== '') scanned(text);
  });
  const wanted = (target) => !dialogIsOpen() && !(target instanceof Element && target.closest('input, select, textarea'));
  const key = (event) => {
    if (event.target !== input && event.key.length === 1 && !event.ctrlKey && !event.altKey && !event.metaKey && wanted(event.target))
      input.focus();
  };
  const back = () => {
    if (document.activeElement === document.body && wanted(document.body)) input.focus({ preventScroll: true });
  };
  document.addEventListener('keydown', key, { capture: true });
  const watch = setInterval(back, 500);
  return {
    node,
    focus: () => input.focus({ preventScroll: true }),
    dispose: () => {
      document.removeEventListener('keydown', key, { capture: true });
      clearInterval(watch);
    },
  };
}
