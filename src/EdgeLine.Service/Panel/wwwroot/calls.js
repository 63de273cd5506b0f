// Asking and ordering over the local interface. A refusal comes back as words for people, never as an exception.
import { screenName } from './screen.js';
import { cause, t, word } from './words.js';

const answerWithinMs = 15_000;
const reportWithinMs = 60_000;

/** `{ ok: true, body }` or `{ ok: false, text, key }`. */
export async function get(path) {
  return call(path, { cache: 'no-store' });
}

/** A question that takes the service a while. */
export async function getSlowly(path) {
  return call(path, { cache: 'no-store' }, reportWithinMs);
}

export async function send(path, body) {
  return call(path, {
    method: 'POST',
    headers: { 'Content-Type': 'application/json' },
    body: JSON.stringify(body),
  });
}

export async function order(lineId, action, body) {
  return send(`/api/lines/${encodeURIComponent(lineId)}/${action}`, { ...body, screen: screenName() });
}

async function call(path, options, withinMs = answerWithinMs) {
  let response;
  try {
    response = await fetch(path, { ...options, signal: AbortSignal.timeout(withinMs) });
  } catch {
    return { ok: false, text: t('dialog.unreachable'), key: '', date: null };
  }
  const date = response.headers.get('date');
  const body = await response.json().catch(() => null);
  const key = String(body?.type ?? '')
    .split('/')
    .at(-1);
  return response.ok ? { ok: true, body, date } : { ok: false, text: refusal(body, key, response.status), key, date };
}

/** The problem's stable name decides about the words; without words for it, the service's own text stands. */
function refusal(problem, key, status) {
  const text = word('refusals', key);
  if (key && text !== key) return text;
  const known = key ? cause(key) : null;
  if (known && known.title !== key) return `${known.title}. ${known.advice}`;
  return [problem?.title, problem?.detail].filter(Boolean).join(': ') || `HTTP ${status}`;
}
