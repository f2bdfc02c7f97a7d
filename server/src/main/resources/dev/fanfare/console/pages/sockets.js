// The connections of an app as a table.
import { screen } from './address.js';
import { html, nothing } from './part.js';
import { toned, user } from './row.js';
import { store } from './store.js';
import { table } from './table.js';
import { ago, bytes, count, name, shown } from './text.js';

const known = (value, text) => (value === undefined ? nothing : text(value));
const COLUMNS = [
  ['Id', ({ socket_id: id }) => html`<a data-row href=${screen(store.app, ['connections', id])}>${id}</a>`],
  ['Address', ({ address }) => shown(address)],
  ['Transport', ({ transport }) => transport, 'wide'],
  ['Open since', ({ since_ms: since }) => ago(since)],
  ['User', ({ user: id }) => known(id, () => user(store.app, id))],
  ['Tag', ({ tag }) => known(tag, name), 'wide'],
  ['Subscriptions', ({ subscriptions }) => known(subscriptions, (all) => count(all.length ?? all)), 'number'],
  [
    'Waiting',
    ({ pending_bytes: pending }) =>
      known(pending, () => toned({ text: bytes(pending), tone: pending > 0 ? 'warn' : 'calm' })),
    'number wide',
  ],
  ['Last heard of', ({ last_read_ms: last }) => known(last, ago), 'wide'],
];

/** A table of connections, as `/connections` answers them. */
export function sockets(connections) {
  return table('Connections', connections, COLUMNS);
}
