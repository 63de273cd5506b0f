// The beep of a bench: one high tone for good, two low ones for reject. Browsers allow sound after the first touch.
import { keep, recall } from './memory.js';

let context = null;

export function soundIsOn() {
  return recall('sound') !== 'off';
}

export function switchSound() {
  keep('sound', soundIsOn() ? 'off' : 'on');
}

export function beep(pass) {
  if (!soundIsOn() || typeof AudioContext === 'undefined') return;
  context ??= new AudioContext();
  if (pass) tone(1320, 0, 0.12);
  else for (const afterS of [0, 0.24]) tone(220, afterS, 0.18);
}

function tone(hertz, afterS, forS) {
  const from = context.currentTime + afterS;
  const oscillator = new OscillatorNode(context, { type: 'square', frequency: hertz });
  oscillator.connect(new GainNode(context, { gain: 0.15 })).connect(context.destination);
  oscillator.start(from);
  oscillator.stop(from + forS);
}
