import './act.js';
import { screen } from './address.js';
import { answerOf, get } from './api.js';
import { html, nothing, Part } from './part.js';
import { past } from './past.js';
import { channel, user } from './row.js';
import { store } from './store.js';
import { facts } from './table.js';
import { ago, bytes, clock, name, shown } from './text.js';

const why = (row) =>
  row.kind === 'refuse' ? html`<a href=${screen(row.app, ['refusals', row.id])}>why?</a>` : nothing;

/** `<fanfare-connection>`: one connection, and what it did lately; also after its end. */
class Connection extends Part {
  #last = null;

  start() {
    this.every(2_000);
  }

  async fetch() {
    const [, app, , id] = this.at;
    const one = await get(['apps', app, 'connections', id]).catch((failure) => elsewhere(failure, app, id));
    this.#last ??= (await get(['apps', app, 'traces'], { limit: 1 })).traces[0] ?? null;
    return one;
  }

  view() {
    const id = this.at[3];
    const state = this.answer?.open ? 'open' : 'ended';
    return html`
      <p class="back"><a href=${screen(store.app, ['connections'])}>All connections</a></p>
      <div class="title">
        <h1>Connection ${name(id)}</h1>
        ${this.answer
          ? html`<span class="state" data-state=${this.answer.open ? 'live' : 'lost'}>${state}</span>`
          : nothing}
      </div>
      ${this.problem()} ${this.answer === null ? nothing : this.#body(id, this.answer)}
    `;
  }

  #body(id, one) {
    return html`
      ${facts([
        ['Address', one.address && shown(one.address)],
        ['Transport', one.transport],
        ['Open since', one.since_ms && ago(one.since_ms)],
        ['User', one.user && user(store.app, one.user)],
        ['Tag', one.tag && name(one.tag)],
        ['Node', one.node && shown(one.node)],
        ['Waiting for it', one.pending_bytes === undefined ? '' : bytes(one.pending_bytes)],
        ['Last heard of', one.last_read_ms && ago(one.last_read_ms)],
      ])}
      <p class="actions">
        <a class="button" href=${screen(store.app, ['live'], { socket: id })}>Watch it live</a>
        ${this.#last?.channel && !one.node
          ? html`<a class="button" data-trace href=${screen(store.app, ['trace', this.#last.id, 'to', id])}
              >Did the last event arrive here?</a
            >`
          : nothing}
        ${one.open && !one.node && store.mayChange
          ? [closely(id), ...closings(id)].map((change) => html`<fanfare-act .change=${change}></fanfare-act>`)
          : nothing}
      </p>
      ${one.open ? this.#subscriptions(one.subscriptions) : nothing}
      <h2>What it did lately</h2>
      ${one.past.length === 0
        ? html`<p class="hint">Nothing that is still remembered.</p>`
        : past('What it did lately', one.past.toReversed(), why)}
    `;
  }

  #subscriptions(channels) {
    return html`<h2>Subscriptions</h2>
      ${channels.length === 0
        ? html`<p class="hint">None.</p>`
        : html`<ul class="names">${channels.map((each) => html`<li>${channel(store.app, each)}</li>`)}</ul>`}`;
  }
}

/** Notes for ten minutes how its events leave, and when its client answers. */
function closely(id) {
  return {
    title: 'Trace closely',
    note: 'Notes for ten minutes when each event was written and taken by the kernel, and asks the client with a ping, at most once a second. The steps of later events say so.',
    action: 'Trace it',
    path: ['apps', store.app, 'arm'],
    body: () => ({ socket: id }),
    done: ({ until }) => `Until ${clock(until)}`,
  };
}

/** The two ways to close a connection: its client connects again, or does not. */
function closings(id) {
  const close = (code, title, note) => ({
    title,
    note,
    action: 'Close it',
    path: ['apps', store.app, 'connections', id, 'close'],
    body: () => ({ code }),
    done: () => 'Closed',
  });
  return [
    close(4200, 'Reconnect', 'Closes the connection with code 4200: the client connects again at once and subscribes again.'),
    close(4009, 'Close', 'Closes the connection with code 4009: the client does not connect again by itself.'),
  ];
}

/** The connection of another node, whose name is then its `node`; else fails as this node has. */
async function elsewhere(failure, app, id) {
  if (failure.status !== 404) {
    throw failure;
  }
  const { nodes } = await get(['apps', app, 'nodes', 'connections', id]);
  const found = nodes.find(({ answer }) => answer && !answer.error);
  if (!found) {
    throw failure;
  }
  return { ...answerOf(nodes, found.node), node: found.node };
}

customElements.define('fanfare-connection', Connection);
