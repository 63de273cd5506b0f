// The accounting equation with its remainder, and how much of it only this PC knows.
import { el, rebuild, setAttribute, setText } from '../dom.js';
import { count, duration } from '../format.js';
import { icon } from '../icons.js';
import { accountTerms } from '../picture.js';
import { t, word } from '../words.js';

export function accounting() {
  const heading = el('h2');
  const verdict = el('p', { class: 'account-verdict', role: 'status' });
  const equation = el('div', { class: 'equation' });
  const facts = el('p', { class: 'facts' });
  const node = el(
    'section',
    { class: 'panel account' },
    el('div', { class: 'panel-head' }, heading, verdict),
    equation,
    facts,
  );

  return {
    node,
    update(picture, nowMs) {
      const { account } = picture;
      setText(heading, t('page.accounting'));
      const remainder = account?.remainder ?? 0;
      setAttribute(verdict, 'data-ok', String(remainder === 0));
      rebuild(verdict, [remainder, account === null], () =>
        account === null
          ? []
          : [
              icon(remainder === 0 ? 'pass' : 'stop'),
              remainder === 0 ? t('page.accountOk') : t('page.accountBad', { n: count(remainder) }),
            ],
      );
      rebuild(equation, account ?? null, () => (account === null ? [] : equationOf(account)));
      rebuild(facts, factsOf(picture, nowMs), () => factsOf(picture, nowMs).map(([text, kind]) => el('span', { class: kind }, text)));
    },
  };
}

function equationOf(account) {
  return [
    term('leased', account.leased, ''),
    ...accountTerms.map((name, at) => term(name, account[name] ?? 0, at === 0 ? '=' : '+')),
    term('remainder', account.remainder, '+', account.remainder === 0 ? 'is-zero' : 'is-wrong'),
  ];
}

function term(name, number, sign, kind = number === 0 ? 'is-zero' : '') {
  return el(
    'div',
    { class: `term ${kind}` },
    el('span', { class: 'sign' }, sign),
    el('span', { class: 'term-number', 'data-term': name }, count(number)),
    el('span', { class: 'term-name' }, word('account', name)),
  );
}

function factsOf(picture, nowMs) {
  const { asOfSeq, confirmedSeq, platformConfirmed, platformRefused, mirroredSeq, onlyHereCodes, onlyHereSinceMs } = picture;
  const onlyHere = Math.max(0, asOfSeq - confirmedSeq);
  return [
    [t('page.asOf', { n: count(asOfSeq) }), 'as-of'],
    [t('page.confirmedTo', { n: count(confirmedSeq) }), ''],
    onlyHere > 0 ? [t('page.onlyHere', { n: count(onlyHere) }), 'warn'] : [t('page.allKnown'), ''],
    ...(mirroredSeq !== null ? [[t('page.mirroredTo', { n: count(mirroredSeq) }), '']] : []),
    ...(onlyHereCodes > 0
      ? [[t('page.onlyHereCodes', { n: count(onlyHereCodes), time: duration(nowMs - onlyHereSinceMs) }), 'warn']]
      : []),
    [t('page.platformConfirmed', { n: count(platformConfirmed) }), ''],
    ...(platformRefused > 0 ? [[t('page.platformRefused', { n: count(platformRefused) }), 'bad']] : []),
  ];
}
