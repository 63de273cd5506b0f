// The page as a window only: `index.html?broker=wss://host:8884&base=company/plant` reads everything from the broker. User
// and password are asked for on each visit and live in this script's memory, nowhere else.
import { BrokerFeed } from './broker-feed.js';
import { el, setText } from './dom.js';
import { t } from './words.js';

/** Null when the address asks for no broker, else `{ broker, base }`, with empty texts where it is wrong. */
export function askedForBroker(search = location.search) {
  const asked = new URLSearchParams(search);
  if (!asked.has('broker')) return null;
  const broker = /^wss?:\/\/[\w.:[\]-]+(\/[\w/-]*)?$/.test(asked.get('broker')) ? asked.get('broker') : '';
  const base = (asked.get('base') ?? '').replace(/\/+$/, '');
  return { broker, base: base !== '' && !/[+#]|^\$/.test(base) ? base : '' };
}

/** Asks for user and password until the broker takes them; resolves with a feed that is connected. */
export function signIn({ broker, base }, place, changed) {
  return new Promise((resolve) => {
    const said = el('p', { class: 'remote-trouble', role: 'alert' });
    const user = el('input', { name: 'user', autocomplete: 'off', required: true });
    const password = el('input', { name: 'password', type: 'password', autocomplete: 'off' });
    let feed = null;
    const follow = (line, topic) => {
      if (feed.connected) {
        password.value = '';
        resolve(feed);
      } else if (feed.trouble !== '') setText(said, t(`remote.${feed.trouble}`));
      changed(line, topic);
    };
    const tried = (event) => {
      event.preventDefault();
      feed?.close();
      feed = new BrokerFeed({ broker, base, user: user.value, password: password.value }, follow);
      feed.open();
    };
    place.replaceChildren(
      el(
        'form',
        { class: 'panel remote-sign-in', onsubmit: tried },
        el('h1', {}, t('remote.title')),
        el('p', { class: 'quiet' }, broker && base ? t('remote.connectTo', { broker, base }) : t('remote.badAddress')),
        el('label', {}, t('remote.user'), user),
        el('label', {}, t('remote.password'), password),
        el('p', { class: 'quiet' }, t('remote.hint')),
        said,
        el('button', { class: 'big go', type: 'submit', disabled: !broker || !base }, t('remote.connect')),
      ),
    );
    user.focus();
  });
}
