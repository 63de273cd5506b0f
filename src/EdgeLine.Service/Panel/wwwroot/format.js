// Numbers, times and durations as people read them. Milliseconds in, text out.
import { language } from './words.js';

const two = (n) => String(n).padStart(2, '0');
const locale = () => (language() === 'zh' ? 'zh-CN' : 'en-GB');

export function count(n) {
  return Number.isFinite(n) ? n.toLocaleString(locale()) : '–';
}

export function percent(part, whole, digits = 1) {
  return whole > 0 ? ((100 * part) / whole).toFixed(digits) : '–';
}

/** 12:03:11, with the date in front when it is another day than `nowMs`. */
export function clock(ms, nowMs = ms, seconds = true) {
  if (!ms) return '–';
  const at = new Date(ms);
  const text = `${two(at.getHours())}:${two(at.getMinutes())}${seconds ? `:${two(at.getSeconds())}` : ''}`;
  const sameDay = new Date(nowMs).toDateString() === at.toDateString();
  return sameDay ? text : `${two(at.getMonth() + 1)}-${two(at.getDate())} ${text}`;
}

/** 0:42, 12:05, 3:07:20, 2 d 04:11. */
export function duration(ms) {
  const s = Math.max(0, Math.floor(ms / 1000));
  const [days, hours, minutes, seconds] = [
    Math.floor(s / 86400),
    Math.floor(s / 3600) % 24,
    Math.floor(s / 60) % 60,
    s % 60,
  ];
  if (days > 0) return `${days} d ${two(hours)}:${two(minutes)}`;
  return hours > 0 ? `${hours}:${two(minutes)}:${two(seconds)}` : `${minutes}:${two(seconds)}`;
}
