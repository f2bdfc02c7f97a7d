// The upper edge of the live screen: how much is shown, and of what.
import { amend } from './address.js';
import { html } from './part.js';
import { count, some } from './text.js';

/** The value of the parameter `nodes` for all nodes. */
export const ALL = 'all';

/** How the stream is doing, with its rate. */
export function progress(state, { isSample, shown, all }) {
  const text = {
    connecting: 'connecting',
    lost: 'connection lost, reconnecting',
    live: isSample ? `${count(shown)} of ${count(all)} rows a second: narrow the filter` : `${some(all, 'row')} a second`,
  }[state];
  return html`<span class="state" data-state=${isSample ? 'sample' : state}>${text}</span>`;
}

/** Switches between this node and all of them. */
export function allNodes(isOn) {
  return html`<button aria-pressed=${isOn} @click=${() => amend({ nodes: isOn ? null : ALL, row: null })}>
    All nodes
  </button>`;
}

/** Pauses, and goes on with what has waited. */
export function pause(isPaused, waiting) {
  return html`<button data-pause aria-pressed=${isPaused} @click=${() => amend({ paused: isPaused ? null : '1' })}>
    ${isPaused ? `Resume${waiting ? ` (${count(waiting)} new)` : ''}` : 'Pause'}
  </button>`;
}
