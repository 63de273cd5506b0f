// The pages of one line, as links: the address says where one is, so a screen can be set up for one of them.
import { el } from '../dom.js';
import { t } from '../words.js';

export const pageNames = ['line', 'run', 'rework', 'report', 'history'];

export function pageAddress(lineId, page, rest = '') {
  return `#${[lineId, ...(page === 'line' ? [] : [page]), ...(rest ? [rest] : [])].map(encodeURIComponent).join('/')}`;
}

/** `{ line, page, rest }` of an address; an unknown page is the line itself. */
export function placeOf(hash) {
  const [line = '', page = 'line', rest = ''] = hash.replace(/^#/, '').split('/').map(plain);
  return { line, page: pageNames.includes(page) ? page : 'line', rest };
}

export function pageTabs(lineId, here) {
  return el(
    'nav',
    { class: 'page-tabs' },
    ...pageNames.map((name) =>
      el(
        'a',
        { href: pageAddress(lineId, name), 'data-page': name, 'aria-current': name === here ? 'page' : null },
        t(`pages.${name}`),
      ),
    ),
  );
}

function plain(text) {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}
