// The buttons that make sense now, where a thumb reaches them. While the numbers are old there are none.
import { el, rebuild } from '../dom.js';
import { icon } from '../icons.js';
import { t } from '../words.js';

const buttons = ['start', 'resume', 'pause', 'clearance', 'end', 'rework', 'void'];
/** The one button that brings the line on is filled; the others are outlines. */
const forward = ['start', 'resume', 'clearance'];

export function actionBar(press) {
  const node = el('nav', { class: 'actions', 'aria-label': 'EdgeLine' });
  return {
    node,
    update({ actions, stale, reason }) {
      const offered = stale ? [] : buttons.filter((name) => actions.includes(name));
      // Where a clearance is asked for, it is the way on, not Resume.
      const primary =
        (offered.includes('clearance') && !offered.includes('resume')) || reason === 'clearance'
          ? 'clearance'
          : forward.find((name) => offered.includes(name));
      rebuild(node, [offered, primary], () =>
        offered.map((name) =>
          el(
            'button',
            {
              class: `big ${name === primary ? 'go' : 'plain'}`,
              'data-action': name,
              onclick: () => press(name),
            },
            icon(name),
            t(`actions.${name}`),
          ),
        ),
      );
    },
  };
}
