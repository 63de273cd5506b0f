// The strip at the top: which line, who stands here, language, sound, time.
import { askWho } from './dialogs/dialog.js';
import { personDialog, signInDialog } from './dialogs/sign-in.js';
import { el, rebuild, setAttribute, setText } from './dom.js';
import { clock } from './format.js';
import { icon } from './icons.js';
import { operatorName } from './operator.js';
import { me } from './session.js';
import { soundIsOn, switchSound } from './sound.js';
import { otherLanguage, t } from './words.js';

export function topStrip(switchLanguage, focusContent) {
  const tabs = el('nav', { class: 'tabs', 'aria-label': t('page.allLines') });
  const who = el('span');
  const sound = el('span');
  const time = el('span', { class: 'clock', 'aria-hidden': 'true' });
  const version = el('span', { class: 'version' });
  const showWho = () => {
    const name = me().people ? me().shown : operatorName();
    setText(who, name || t(me().people ? 'people.signIn' : 'page.noOperator'));
  };
  const pressWho = () => {
    if (!me().people) askWho(showWho);
    else if (me().name === null) signInDialog();
    else personDialog();
  };
  const soundButton = el(
    'button',
    {
      class: 'plain small',
      type: 'button',
      onclick: () => {
        switchSound();
        showSound();
      },
    },
    sound,
  );
  const showSound = () => {
    rebuild(sound, soundIsOn(), () => [icon(soundIsOn() ? 'sound' : 'silent')]);
    setAttribute(soundButton, 'aria-label', t(soundIsOn() ? 'page.soundOn' : 'page.soundOff'));
    setAttribute(soundButton, 'title', t(soundIsOn() ? 'page.soundOn' : 'page.soundOff'));
  };
  const nodes = [
    el('button', { class: 'skip', type: 'button', onclick: focusContent }, t('page.skip')),
    el(
      'a',
      { class: 'brand', href: '#' },
      el('img', { src: 'icon.svg', alt: '', width: '32', height: '32' }),
      el('span', {}, 'EdgeLine'),
      version,
    ),
    tabs,
    el(
      'div',
      { class: 'tools' },
      el(
        'button',
        { class: 'plain small', type: 'button', id: 'who', title: t('page.operator'), onclick: pressWho },
        icon('person'),
        who,
      ),
      soundButton,
      el(
        'button',
        { class: 'plain small', type: 'button', id: 'language', lang: otherLanguage(), onclick: switchLanguage },
        t('page.switchLanguage'),
      ),
      time,
    ),
  ];
  showSound();

  return {
    nodes,
    update(pictures, here, nowMs) {
      showWho();
      setText(time, clock(nowMs));
      setText(version, pictures.find((picture) => picture.version)?.version ?? '');
      const entries = pictures.map(({ id, title, tone, stale }) => ({ id, title, tone: stale ? 'none' : tone }));
      rebuild(tabs, [entries, here], () => [
        el('a', { href: '#', 'aria-current': here === '' ? 'page' : null }, t('page.allLines')),
        ...entries.map(({ id, title, tone }) =>
          el(
            'a',
            { href: `#${encodeURIComponent(id)}`, 'data-tone': tone, 'aria-current': here === id ? 'page' : null },
            icon(tone),
            title,
          ),
        ),
      ]);
    },
  };
}
