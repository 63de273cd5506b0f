// Who does it: the person who is signed in, or, while the site knows no people, a typed name.
import { el } from '../dom.js';
import { icon } from '../icons.js';
import { operatorName, recentOperators } from '../operator.js';
import { me } from '../session.js';
import { t } from '../words.js';

/** `{ node, value(), focus(), missing }` for a dialog. */
export function whoField() {
  return me().people ? signedIn() : typedName();
}

function signedIn() {
  const node = el('p', { class: 'who who-signed' }, icon('person'), t('people.as', { name: me().shown ?? '–' }));
  return { node, value: () => me().name ?? '', focus: () => {}, missing: me().name === null };
}

/** The name of the person, with the last names of this screen to choose by one touch. */
function typedName() {
  const input = el('input', { type: 'text', name: 'who', autocomplete: 'off', maxlength: '40', value: operatorName() });
  const recent = recentOperators().filter((name) => name !== operatorName());
  const node = el('div', { class: 'who' }, el('label', {}, t('dialog.who'), input), nameButtons(recent, input));
  return {
    node,
    value: () => input.value.trim(),
    focus: () => input.focus(),
    missing: operatorName() === '',
  };
}

/** Names that were used at this screen; one touch writes one of them into the input. */
export function nameButtons(names, input, chosen = () => {}) {
  if (names.length === 0) return null;
  const choose = (name) => {
    input.value = name;
    chosen();
  };
  return el(
    'div',
    { class: 'who-recent' },
    ...names.map((name) => el('button', { class: 'plain', type: 'button', onclick: () => choose(name) }, name)),
  );
}
