// Who stands at this screen. Remembered on this screen only; the service writes the name into the journal.
import { keep, recall } from './memory.js';

const recentMax = 5;

export function operatorName() {
  return recall('operator') ?? '';
}

/** The last few names, so that a panel without a keyboard needs one touch. */
export function recentOperators() {
  try {
    const names = JSON.parse(recall('operators') ?? '[]');
    return Array.isArray(names) ? names.filter((name) => typeof name === 'string').slice(0, recentMax) : [];
  } catch {
    return [];
  }
}

export function setOperator(name) {
  keep('operator', name);
  keep('operators', JSON.stringify([name, ...recentOperators().filter((other) => other !== name)].slice(0, recentMax)));
}
