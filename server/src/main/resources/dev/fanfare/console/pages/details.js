import { getOf } from './api.js';
import { amend, pattern, screen } from './address.js';
import './payload.js';
import { html, nothing, Part } from './part.js';
import { meant, user } from './row.js';
import { store } from './store.js';
import { facts } from './table.js';
import { micros, name, shown, span, utc } from './text.js';

/** Of data, in an address. */
const AGAIN_CHARS = 1_000;

/** `<fanfare-details>`: what is known of one row, and where to go from there. */
class Details extends Part {
  /** Set by the table. */
  row;
  #trace = null;

  start() {
    if (this.row.trace) {
      this.load(async () => {
        this.#trace = await getOf(this.row.of, this.row.app, 'traces', this.row.trace).catch(() => null);
      });
    }
  }

  view() {
    const row = { ...this.row, ...this.#trace, id: this.row.id };
    const similar = this.#trace?.similar;
    return html`
      ${similar
        ? html`<p class="verdict" data-tone="bad">
            No connection was subscribed to ${name(row.channel)}${meant(row.app, similar)}
          </p>`
        : nothing}
      ${this.#facts(row)}
      ${row.chars === undefined ? nothing : html`<fanfare-payload .event=${row}></fanfare-payload>`}
      <p class="actions">${this.#actions(row)}</p>
    `;
  }

  #facts(row) {
    return facts([
      ['Time', `${utc(row.t)} (${span(Date.now() - row.t)} ago)`],
      ['Address', row.address && shown(row.address)],
      ['Connection', row.socket && html`<a href=${screen(row.app, ['connections', row.socket])}>${row.socket}</a>`],
      ['User', row.user && user(row.app, row.user)],
      ['Refused', row.what && `${row.what}${row.request ? `: ${shown(row.request)}` : ''}`],
      ['Reason', row.reason && shown(row.reason)],
      ['Endpoint', row.endpoint && shown(row.endpoint)],
      ['Excluded', row.excluded_socket],
      ['Delivered in', row.delivered_us && micros(row.delivered_us)],
      ['Node', row.of && shown(row.of)],
    ]);
  }

  #actions(row) {
    const link = (href, title, isTrace = false) =>
      html`<a class="button" href=${href} ?data-trace=${isTrace}>${title}</a>`;
    const only = (changes) => () => amend({ ...changes, row: null });
    return [
      row.trace ? link(screen(row.app, ['trace', row.trace], { node: row.of }), 'Trace: did it arrive?', true) : nothing,
      row.kind === 'refuse' ? link(screen(row.app, ['refusals', row.id], { node: row.of }), 'Why?') : nothing,
      row.channel && row.kind !== 'refuse'
        ? html`<button @click=${only({ channel: pattern(row.channel) })}>Only this channel</button>`
        : nothing,
      row.socket ? html`<button @click=${only({ socket: row.socket })}>Only this connection</button>` : nothing,
      row.kind === 'publish' && store.mayChange && row.data?.length < AGAIN_CHARS
        ? link(screen(row.app, ['publish'], { channels: row.channel, event: row.event, data: row.data }), 'Publish again…')
        : nothing,
    ];
  }
}

customElements.define('fanfare-details', Details);
