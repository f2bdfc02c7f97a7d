import { here, screen } from './address.js';
import { get } from './api.js';
import { html, nothing, Part } from './part.js';
import { channel, from, toned } from './row.js';
import { store } from './store.js';
import { pages, table } from './table.js';
import { clock, shown, utc } from './text.js';

const PAGE = 50;
const COLUMNS = [
  [
    'Time',
    ({ app, id, t }) =>
      html`<a data-row href=${screen(app, ['refusals', id])} title=${utc(t)}>${clock(t)}</a>`,
  ],
  ['What', ({ what }) => what, 'wide'],
  ['Of', (row) => (row.request ? html`<code>${shown(row.request)}</code>` : channel(row.app, row.channel))],
  ['From', from, 'wide'],
  ['Reason', (row) => toned({ text: `${row.status || ''} ${shown(row.reason)}`, tone: 'bad' })],
];

/** `<fanfare-refusals>`: what an app's clients and publishers were refused, newest first. */
class Refusals extends Part {
  start() {
    this.every(2_000);
  }

  async fetch() {
    const before = here().params.get('before');
    return (await get(['apps', store.app, 'refusals'], { before, limit: PAGE })).refusals;
  }

  view() {
    return html`
      <h1>Refusals</h1>
      <p class="lead">
        Connections, subscriptions, messages and requests that the server has refused, with the reason that
        the client got.
      </p>
      ${this.problem()} ${this.answer === null ? nothing : this.#list(this.answer)}
    `;
  }

  #list(refusals) {
    return refusals.length === 0
      ? html`<div class="empty"><p>Nothing was refused lately.</p></div>`
      : [
          table('Refusals, newest first', refusals, COLUMNS),
          pages('before', refusals.length === PAGE ? refusals.at(-1).id : undefined),
        ];
  }
}

customElements.define('fanfare-refusals', Refusals);
