// Who is signed in at this screen, as the service sees it. While the site knows no people, a typed name does.
import { get, send } from './calls.js';
import { screenName } from './screen.js';

const lookEveryMs = 10_000;
const hereEveryMs = 20_000;
const nobody = { people: false, name: null, shown: null, roles: [], allowed: null };

let now = nobody;
let hereAt = 0;
const listeners = new Set();

/** `{ people, name, shown, roles, allowed }`; `people` is false while the site knows none. */
export function me() {
  return now;
}

export function onSession(listener) {
  listeners.add(listener);
}

export async function learnMe() {
  take(await get('/api/me'));
}

/** Null when it went well, else words. */
export async function signIn(credentials) {
  const answer = await send('/api/sign-in', { ...credentials, screen: screenName() });
  await learnMe();
  return answer.ok ? null : answer.text;
}

export async function signOut() {
  await send('/api/sign-out', {});
  await learnMe();
}

/** Looks after the session for as long as the page is open: time without a touch ends it at the service. */
export function watchSession() {
  const touched = async () => {
    if (now.name === null || performance.now() - hereAt < hereEveryMs) return;
    hereAt = performance.now();
    take(await send('/api/here', {}));
  };
  for (const kind of ['pointerdown', 'keydown']) document.addEventListener(kind, touched, { capture: true });
  setInterval(() => {
    if (now.people) learnMe();
  }, lookEveryMs);
}

function take(answer) {
  if (!answer.ok || !answer.body) return;
  const before = JSON.stringify(now);
  now = { ...nobody, ...answer.body };
  if (JSON.stringify(now) !== before) for (const listener of listeners) listener(now);
}
