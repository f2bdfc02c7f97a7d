// One thing that has happened, as cells of a table.
import { screen } from './address.js';
import { html, nothing } from './part.js';
import { count, micros, name, shown, some } from './text.js';

export const KINDS = {
  publish: 'publish',
  client_event: 'client event',
  connect: 'connect',
  close: 'close',
  subscribe: 'subscribe',
  unsubscribe: 'unsubscribe',
  signin: 'sign-in',
  refuse: 'refuse',
  drop: 'drop',
  quota: 'quota',
  webhook: 'webhook',
  occupied: 'occupied',
  vacated: 'vacated',
  member: 'member',
  request: 'request',
  reload: 'reload',
};

export function kind(row) {
  return html`<span class="kind" data-kind=${row.kind}>${KINDS[row.kind] ?? row.kind}</span>`;
}

/** How many got an event, as `{text, tone}`: tone is good, bad, warn or calm. */
export function reach(event) {
  if (event.status !== undefined) {
    return { text: `refused: ${event.status}`, tone: 'bad' };
  }
  if (event.subscribers === 0) {
    return { text: 'no subscribers', tone: 'bad' };
  }
  if (event.matched === undefined) {
    return { text: some(event.subscribers, 'subscriber'), tone: 'calm' };
  }
  const parts = [`${count(event.reached)} of ${count(event.matched)}`];
  for (const field of ['excluded', 'behind', 'closing']) {
    if (event[field]) {
      parts.push(`${count(event[field])} ${field}`);
    }
  }
  if (event.waiting) {
    return { text: `${parts[0]} so far`, tone: 'calm' };
  }
  const isFine = event.reached + event.excluded >= event.matched && !event.behind;
  return { text: parts.join(', '), tone: isFine ? 'good' : 'warn' };
}

/** What has become of it. */
export function result(row) {
  switch (row.kind) {
    case 'publish':
    case 'client_event':
      return toned(reach(row));
    case 'refuse':
      return toned({ text: `${row.status || row.what} ${shown(row.reason)}`, tone: 'bad' });
    case 'close':
      return toned({ text: `${row.code} ${shown(row.reason)}`, tone: 'calm' });
    case 'drop':
      return toned({ text: `${some(row.events, 'event')} missed: reads too slowly`, tone: 'warn' });
    case 'member':
      return toned({ text: row.change === 'added' ? 'joined' : 'left', tone: 'calm' });
    case 'request':
      return toned({
        text: `${row.status} to ${shown(row.request)}${row.took_us === undefined ? '' : ` after ${micros(row.took_us)}`}`,
        tone: row.status < 400 ? 'good' : 'bad',
      });
    case 'reload':
      return toned(row.applied ? { text: 'applied', tone: 'good' } : { text: 'rejected', tone: 'bad' });
    case 'quota':
      return toned({ text: `${shown(row.quota)} reached`, tone: 'warn' });
    case 'webhook':
      return toned({
        text: `${row.outcome}, ${some(row.count, row.outcome === 'retried' ? 'attempt' : 'event')} ${shown(row.reason)}`,
        tone: { delivered: 'good', retried: 'warn' }[row.outcome] ?? 'bad',
      });
    default:
      return nothing;
  }
}

/** A text with a colour; the text says it all without. */
export function toned({ text, tone }) {
  return html`<span class="result" data-tone=${tone}>${text}</span>`;
}

/** Who has caused it: a connection, or an address. */
export function from(row) {
  if (row.socket) {
    return html`<a href=${screen(row.app, ['connections', row.socket])} title=${row.address ?? ''}
      >${row.socket}</a
    >${row.user ? html` <small>user ${user(row.app, row.user)}</small>` : nothing}`;
  }
  if (row.user) {
    return html`user ${user(row.app, row.user)}`;
  }
  return row.endpoint ? name(row.endpoint) : shown(row.address ?? '');
}

/** A link to a user who has signed in. */
export function user(app, id) {
  return html`<a class="channel" href=${screen(app, ['users', id])}>${name(id)}</a>`;
}

/** A link to the channel; its title says the whole name. */
export function channel(app, channelName) {
  return channelName
    ? html`<a class="channel" href=${screen(app, ['channels', channelName])}>${name(channelName)}</a>`
    : nothing;
}

/** What a table of past rows shows, without the column that all have in common. */
export function summary(row) {
  const event = row.event ? html` ${name(row.event)}` : nothing;
  const who = row.user ? html` user ${user(row.app, row.user)}` : nothing;
  const where = row.channel ? html` ${channel(row.app, row.channel)}` : nothing;
  return html`${event}${who}${where} ${result(row)}`;
}

/** The end of a sentence on a channel without subscribers: which name was probably meant. */
export function meant(app, similar) {
  return similar
    ? html`; ${count(similar.subscribers)} ${similar.subscribers === 1 ? 'is' : 'are'} subscribed to
        ${channel(app, similar.name)}: is the name spelled differently?`
    : html`, and no channel has a similar name.`;
}
