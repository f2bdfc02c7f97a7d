import './act.js';
import { screen } from './address.js';
import { get } from './api.js';
import { html, nothing, Part } from './part.js';
import { sockets } from './sockets.js';
import { store } from './store.js';
import { name, some } from './text.js';

/** `<fanfare-user>`: a user who has signed in, with the connections on this node. */
class User extends Part {
  start() {
    this.every(2_000);
  }

  async fetch() {
    const [, app, , id] = this.at;
    return get(['apps', app, 'users', id]);
  }

  view() {
    return html`
      <p class="back"><a href=${screen(store.app, ['connections'])}>All connections</a></p>
      <h1>User ${name(this.at[3])}</h1>
      ${this.problem()} ${this.answer === null ? nothing : this.#body(this.answer.connections)}
    `;
  }

  #body(connections) {
    const id = this.at[3];
    return html`<p class="actions">
        <a class="button" href=${screen(store.app, ['live'], { user: id })}>Watch live</a>
        ${store.mayChange ? html`<fanfare-act .change=${this.#termination(id)}></fanfare-act>` : nothing}
      </p>
      <h2>Connections</h2>
      ${connections.length === 0
        ? html`<p class="empty">No connection on this node has signed in as this user.</p>`
        : sockets(connections)}`;
  }

  #termination(id) {
    return {
      title: 'Close all connections',
      action: 'Close them',
      note: 'Closes all connections of this user, on all nodes, with code 4009: clients do not connect again by themselves.',
      path: ['apps', store.app, 'users', id, 'terminate'],
      done: ({ connections }) => `${some(connections, 'connection')} closed on this node`,
    };
  }
}

customElements.define('fanfare-user', User);
