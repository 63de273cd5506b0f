// Asking and ordering over the local interface. A refusal comes back as words for people, never as an exception.
import { cause, t, word } from './words.js';

const answerWithinMs = 15_000;

/** `{ ok: true, body }` or `{ ok: false, text }`. */
export async function get(path) {
  return call(path, { cache: 'no-store' });
}

export async function order(lineId, action, body) {
  return call(`/api/lines/${encodeURIComponent(lineId)}/${action}`, {
    method: 'POST',
    headers: { 'Content-Type': 'application/json' },
    body: JSON.stringify(body),
  });
}

async function call(path, options) {
  let response;
  try {
    response = await fetch(path, { ...options, signal: AbortSignal.timeout(answerWithinMs) });
  } catch {
    return { ok: false, text: t('dialog.unreachable'), date: null };
  }
  const date = response.headers.get('date');
  const body = await response.json().catch(() => null);
  return response.ok ? { ok: true, body, date } : { ok: false, text: refusal(body, response.status), date };
}

/** The problem's stable name decides about the words; without words for it, the service's own text stands. */
function refusal(problem, status) {
  const key = String(problem?.type ?? '')
    .split('/')
    .at(-1);
  const text = word('refusals', key);
  if (key && text !== key) return text;
  const known = key ? cause(key) : null;
  if (known && known.title !== key) return `${known.title}. ${known.advice}`;
  return [problem?.title, problem?.detail].filter(Boolean).join(': ') || `HTTP ${status}`;
}
