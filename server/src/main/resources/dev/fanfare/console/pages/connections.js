import { amend, go, here, screen } from './address.js';
import { get } from './api.js';
import { html, nothing, Part } from './part.js';
import { sockets } from './sockets.js';
import { store } from './store.js';
import { pages, search } from './table.js';
import { some } from './text.js';

const PAGE = 50;

const FIELDS = [
  ['channel', 'Channel', 'private-orders.1'],
  ['user', 'User', '7'],
  ['address', 'Address begins with', '10.1.'],
  ['id', 'Or its id', '123.456'],
];

/** `<fanfare-connections>`: the connections of an app on this node, by their ids. */
class Connections extends Part {
  start() {
    this.every(5_000);
  }

  async fetch() {
    return get(['apps', store.app, 'connections'], { ...Object.fromEntries(here().params), limit: PAGE });
  }

  view() {
    return html`
      <div class="title">
        <h1>Connections</h1>
        ${this.answer ? html`<span class="state">${some(this.answer.total, 'connection')} on this node</span>` : nothing}
      </div>
      ${search('Connections', FIELDS, 'Find', ({ id, ...wanted }) =>
        id ? go(screen(store.app, ['connections', id])) : amend({ ...wanted, after: null }))}
      ${this.problem()} ${this.answer === null ? nothing : this.#list()}
    `;
  }

  #list() {
    const { connections, next } = this.answer;
    const isFiltered = FIELDS.some(([field]) => here().params.get(field));
    if (connections.length === 0 && isFiltered) {
      return [html`<div class="empty"><p>No connection on this page is like that.</p></div>`, pages('after', next)];
    }
    if (connections.length === 0) {
      return html`<div class="empty">
        <p>No client of app ${store.app} is connected to this node.</p>
        <p>
          If there should be some, look at the <a href=${screen(store.app, ['refusals'])}>refusals</a>, or have
          <code>fanfare doctor</code> retrace a client’s connection.
        </p>
      </div>`;
    }
    return [sockets(connections), pages('after', next)];
  }
}

customElements.define('fanfare-connections', Connections);
