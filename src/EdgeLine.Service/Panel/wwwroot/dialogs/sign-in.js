// Signing in with a badge that a scanner types, or with name and PIN; signing out; unlocking a colleague.
import { get, send } from '../calls.js';
import { el } from '../dom.js';
import { icon } from '../icons.js';
import { recentOperators, setOperator } from '../operator.js';
import { screenName } from '../screen.js';
import { me, signIn, signOut } from '../session.js';
import { t, word } from '../words.js';
import { showDialog } from './dialog.js';
import { numberKeys } from './keys.js';
import { nameButtons } from './who.js';

const pinMax = 12;

/** `done()` is called when somebody is signed in. `first` is a key that was pressed already. */
export function signInDialog(done = () => {}, first = '') {
  // A badge is the key of a person: it is not shown, and an input method must not change it.
  const name = el('input', {
    type: 'text',
    name: 'name',
    class: 'name',
    lang: 'en',
    autocomplete: 'off',
    autocapitalize: 'none',
    spellcheck: 'false',
    maxlength: '100',
  });
  // Set like this the caret stands behind it.
  name.value = first;
  const pin = el('input', {
    type: 'password',
    name: 'pin',
    class: 'pin',
    inputmode: 'numeric',
    autocomplete: 'off',
    maxlength: String(pinMax),
  });
  const keys = numberKeys(
    (digit) => {
      pin.value = (pin.value + digit).slice(0, pinMax);
    },
    (all) => {
      pin.value = all ? '' : pin.value.slice(0, -1);
    },
  );
  const names = recentOperators();
  const dialog = showDialog({
    title: t('people.signInTitle'),
    go: t('people.signIn'),
    class: 'wide sign-in',
    focus: name,
    content: [
      el(
        'div',
        { class: 'clearance' },
        el(
          'div',
          { class: 'sign-in-words' },
          el('p', { class: 'large' }, t('people.signInText')),
          el('label', {}, t('people.nameOrBadge'), name),
          nameButtons(names, name, () => pin.focus()),
          el('label', {}, t('people.pin'), pin),
        ),
        keys,
      ),
    ],
    act: async () => {
      const shown = name.value.trim();
      if (shown === '') return t('people.needed');
      const credentials = pin.value === '' ? { badge: shown } : { name: shown, pin: pin.value };
      pin.value = '';
      const wrong = await signIn(credentials);
      if (wrong) {
        if (credentials.badge) name.value = '';
        (credentials.badge ? name : pin).focus();
        return wrong;
      }
      setOperator(me().name);
      dialog.close();
      done();
      return null;
    },
  });
}

/** Who is here, the way out, and colleagues who are locked out. */
export async function personDialog() {
  const list = el('div', { class: 'locked' });
  const dialog = showDialog({
    title: me().shown,
    class: 'person',
    content: [el('p', { class: 'large' }, me().roles.map((role) => word('roles', role)).join(' · ')), list],
    go: t('people.signOut'),
    tone: 'plain',
    act: async () => {
      await signOut();
      return null;
    },
  });
  if (!me().allowed?.includes('unlock')) return;
  const locked = await get('/api/people/locked');
  if (!locked.ok) return;
  list.replaceChildren(
    el('p', { class: 'quiet' }, t(locked.body.length === 0 ? 'people.noneLocked' : 'people.locked')),
    ...locked.body.map((one) => lockedRow(one, dialog)),
  );
}

function lockedRow(one, dialog) {
  const row = el(
    'div',
    { class: 'locked-row' },
    el('span', {}, t('people.lockedFor', { name: one.shown, minutes: Math.ceil(one.secondsLeft / 60) })),
    el(
      'button',
      {
        type: 'button',
        'data-unlock': one.name,
        onclick: async () => {
          const answer = await send('/api/people/unlock', { name: one.name, screen: screenName() });
          if (answer.ok) row.remove();
          else dialog.fail(answer.text);
        },
      },
      icon('person'),
      t('people.unlock'),
    ),
  );
  return row;
}
