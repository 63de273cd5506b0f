// Line drawings, one shape for each meaning, so that nothing is told by colour alone.
const shapes = {
  run: 'M12 2a10 10 0 1 0 0 20 10 10 0 0 0 0-20ZM10 7.8v8.4l6.4-4.2L10 7.8Z',
  busy: 'M4 12a8 8 0 0 1 13.7-5.6M20 12a8 8 0 0 1-13.7 5.6M17.5 2.5v4h-4M6.5 21.5v-4h4',
  done: 'M12 2a10 10 0 1 0 0 20 10 10 0 0 0 0-20ZM7.5 12.5l3 3 6-6.5',
  calm: 'M12 3v8M6.3 6.6a8 8 0 1 0 11.4 0',
  wait: 'M6 3h12M6 21h12M7 3c0 5 3.6 6.4 5 9 1.4-2.6 5-4 5-9M7 21c0-5 3.6-6.4 5-9 1.4 2.6 5 4 5 9',
  stop: 'M8 2.5h8L21.5 8v8L16 21.5H8L2.5 16V8L8 2.5ZM12 7v6M12 16.4v.2',
  none: 'M3 3l18 18M9 5.5V3M15 7V3M7 9h10v3a5 5 0 0 1-.6 2.4M14.5 16.6A5 5 0 0 1 7 12V9M12 17v4',
  pass: 'M4 12.5l5.5 5.5L20 6.5',
  reject: 'M5.5 5.5l13 13M18.5 5.5l-13 13',
  up: 'M4 12.5l5.5 5.5L20 6.5',
  down: 'M5.5 5.5l13 13M18.5 5.5l-13 13',
  fault: 'M12 3 22 20H2L12 3ZM12 9.5v5M12 17.3v.2',
  unknown: 'M9 9a3 3 0 1 1 4.2 2.7c-.8.4-1.2 1-1.2 2M12 17v.2',
  critical: 'M8 2.5h8L21.5 8v8L16 21.5H8L2.5 16V8L8 2.5ZM12 7v6M12 16.4v.2',
  high: 'M12 3 22 20H2L12 3ZM12 9.5v5M12 17.3v.2',
  medium: 'M12 2.5 21.5 12 12 21.5 2.5 12 12 2.5ZM12 8v5M12 16v.2',
  low: 'M12 2a10 10 0 1 0 0 20 10 10 0 0 0 0-20ZM12 11v6M12 7.4v.2',
  start: 'M7 4.5v15l12-7.5L7 4.5Z',
  pause: 'M8 5v14M16 5v14',
  resume: 'M5 5v14M10 5v14l10-7-10-7Z',
  end: 'M6 6h12v12H6z',
  clearance: 'M4 20h16M6.5 20 9 11h6l2.5 9M12 11V3M10 20l.7-4M14 20l-.7-4',
  rework: 'M3 7V4h3M18 4h3v3M21 17v3h-3M6 20H3v-3M7 8v8M10 8v8M13.5 8v8M17 8v8',
  void: 'M12 2a10 10 0 1 0 0 20 10 10 0 0 0 0-20ZM5 5l14 14',
  person: 'M12 12a4.5 4.5 0 1 0 0-9 4.5 4.5 0 0 0 0 9ZM4 21c.6-4.2 3.8-6 8-6s7.4 1.8 8 6',
  sound: 'M4 9.5v5h3.5L12 18.5v-13L7.5 9.5H4ZM15.5 9a4.2 4.2 0 0 1 0 6M18 6.5a8 8 0 0 1 0 11',
  silent: 'M4 9.5v5h3.5L12 18.5v-13L7.5 9.5H4ZM16 9.5l5 5M21 9.5l-5 5',
  bell: 'M6 17V11a6 6 0 0 1 12 0v6l1.5 1.5h-15L6 17ZM10 21h4',
};

const svg = 'http://www.w3.org/2000/svg';

export function icon(name) {
  const node = document.createElementNS(svg, 'svg');
  node.setAttribute('viewBox', '0 0 24 24');
  node.setAttribute('class', `icon icon-${Object.hasOwn(shapes, name) ? name : 'unknown'}`);
  node.setAttribute('aria-hidden', 'true');
  const path = document.createElementNS(svg, 'path');
  path.setAttribute('d', shapes[name] ?? shapes.unknown);
  node.append(path);
  return node;
}
