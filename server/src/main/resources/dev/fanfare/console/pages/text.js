// Numbers, times and texts for people. What strangers have chosen never becomes markup; what would
// be invisible in it, or turn lines around, is shown as a symbol.
import { html } from './vendor/lit-html/lit-html.js';

const NUMBER = new Intl.NumberFormat('en');
const CONTROL = /[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u00ad\u061c\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff\ufff9-\ufffb]/g;

/** A text of a stranger, with symbols for what cannot be seen. */
export function shown(text) {
  return String(text ?? '').replace(CONTROL, (char) => {
    const code = char.codePointAt(0);
    if (code < 0x20) {
      return String.fromCodePoint(0x2400 + code);
    }
    return code === 0x7f ? '␡' : `‹U+${code.toString(16).toUpperCase().padStart(4, '0')}›`;
  });
}

/** The same as an element that keeps its direction to itself. */
export function name(text) {
  const visible = shown(text).replace(/[\t\n]/g, (char) => (char === '\t' ? '␉' : '␊'));
  return html`<bdi class="name" title=${visible.length > 40 ? visible : ''}>${visible}</bdi>`;
}

export function count(number) {
  return NUMBER.format(number ?? 0);
}

/** `1 event`, `3 events`. */
export function some(number, noun) {
  return `${count(number)} ${noun}${number === 1 ? '' : 's'}`;
}

export function bytes(number) {
  if (number >= 1024 * 1024) {
    return `${(number / 1024 / 1024).toFixed(1)} MiB`;
  }
  return number >= 10_240 ? `${Math.round(number / 1024)} KiB` : `${count(number)} B`;
}

/** Microseconds. */
export function micros(number) {
  return number >= 1_000 ? `${(number / 1_000).toFixed(number >= 10_000 ? 0 : 1)} ms` : `${number} µs`;
}

/** How late the slowest event loop of a node was, in microseconds. */
export function lag({ lanes }) {
  return Math.max(0, ...lanes.map((lane) => lane.lag_us));
}

/** Milliseconds of some duration. */
export function span(ms) {
  const seconds = Math.max(0, Math.round(ms / 1000));
  if (seconds < 120) {
    return `${seconds} s`;
  }
  if (seconds < 7_200) {
    return `${Math.round(seconds / 60)} min`;
  }
  return seconds < 172_800 ? `${Math.round(seconds / 3_600)} h` : `${Math.round(seconds / 86_400)} d`;
}

/** `3 s ago`, with the time in the tooltip. */
export function ago(t) {
  return html`<time datetime=${utc(t)} title=${utc(t)}>${span(Date.now() - t)} ago</time>`;
}

/** The local time of day; UTC in the tooltip. */
export function time(t) {
  return html`<time datetime=${utc(t)} title=${utc(t)}>${clock(t)}</time>`;
}

export function clock(t) {
  const at = new Date(t);
  const two = (number) => String(number).padStart(2, '0');
  const seconds = `${two(at.getSeconds())}.${String(at.getMilliseconds()).padStart(3, '0')}`;
  return `${two(at.getHours())}:${two(at.getMinutes())}:${seconds}`;
}

export function utc(t) {
  return new Date(t).toISOString();
}

/** JSON with line breaks; other text as it is. */
export function pretty(data) {
  try {
    return JSON.stringify(JSON.parse(data), null, 2);
  } catch {
    return data;
  }
}
