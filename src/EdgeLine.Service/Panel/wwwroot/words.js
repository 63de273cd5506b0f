// The words on the page in the language of the moment. A key that has no words is shown as it is: hiding it would hide
// the cause.
import { keep, recall } from './memory.js';
import { en } from './words/en.js';
import { pagesEn } from './words/pages-en.js';
import { pagesZh } from './words/pages-zh.js';
import { zh } from './words/zh.js';

export const languages = { en: joined(en, pagesEn), zh: joined(zh, pagesZh) };
let current = 'zh';

export function useSiteLanguage(language) {
  use(recall('language') ?? language);
}

export function chooseLanguage(language) {
  keep('language', language);
  use(language);
}

export function language() {
  return current;
}

export function otherLanguage() {
  return current === 'zh' ? 'en' : 'zh';
}

/** `t('page.since', { time })`: one text. */
export function t(path, args = {}) {
  const text = path.split('.').reduce((level, key) => level?.[key], languages[current]);
  return typeof text === 'string' ? fill(text, args) : path;
}

/** Word for a key of one family, such as `word('devices', 'printer')`. */
export function word(family, key) {
  const text = lookUp(family, key);
  return Array.isArray(text) ? text[0] : (text ?? String(key));
}

/** What a reason or alarm means and what to do: `{ title, advice }`. */
export function cause(key, args = {}) {
  const text = lookUp('reasons', key) ?? lookUp('alarms', key);
  return text
    ? { title: fill(text[0], args), advice: fill(text[1], args) }
    : { title: String(key), advice: t('page.unknownAdvice') };
}

/** Why an item was rejected: `{ title, advice }`. */
export function rejection(key) {
  const text = lookUp('rejects', key);
  return text ? { title: text[0], advice: text[1] } : cause(key);
}

/** The answer of the rework table: `{ title, advice }`. */
export function reworkAnswer(card) {
  const text = lookUp('rework', card.answer);
  const why = card.reason ? (lookUp('reworkReasons', card.reason) ?? rejection(card.reason).title) : '';
  return { title: text?.[0] ?? String(card.answer), advice: text?.[1] ?? '', why };
}

/** The reason of a journal entry, whatever family it belongs to. */
export function entryReason(key) {
  if (!key) return '';
  const text = ['entryReasons', 'voids', 'rejects', 'reasons', 'alarms'].map((family) => lookUp(family, key)).find(Boolean);
  return Array.isArray(text) ? fill(text[0], {}) : (text ?? String(key));
}

/** What a journal entry is about; its number goes into the words where they have a place for it. */
export function kindWord(entry) {
  return fill(String(lookUp('kinds', entry.kind) ?? entry.kind), { n: String(entry.count ?? '') });
}

/** Two files of one language: families of the same name become one. */
function joined(first, second) {
  const families = [...new Set([...Object.keys(first), ...Object.keys(second)])];
  return Object.fromEntries(families.map((family) => [family, { ...first[family], ...second[family] }]));
}

function use(language) {
  current = Object.hasOwn(languages, language ?? '') ? language : 'zh';
  document.documentElement.lang = current === 'zh' ? 'zh-CN' : 'en';
}

function lookUp(family, key) {
  const words = languages[current][family];
  return words && Object.hasOwn(words, key) ? words[key] : undefined;
}

function fill(text, args) {
  return text.replace(/\{(\w+)\}/g, (whole, name) => (Object.hasOwn(args, name) ? String(args[name]) : '?'));
}
