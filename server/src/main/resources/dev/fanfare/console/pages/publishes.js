import { screen } from './address.js';
import { html, nothing } from './part.js';
import { channel, from, reach, toned } from './row.js';
import { store } from './store.js';
import { table } from './table.js';
import { clock, count, name, shown, utc } from './text.js';

/** A table of publishes, each with a link to its trace. */
export function publishes(caption, traces, hasChannel) {
  const accepted = (trace, value) => (trace.status === undefined ? value() : nothing);
  const columns = [
    [
      'Time',
      ({ id, t }) =>
        html`<a data-row data-trace href=${screen(store.app, ['trace', id])} title=${utc(t)}>${clock(t)}</a>`,
    ],
    ['Event', (trace) => (trace.status === undefined ? name(trace.event) : html`<code>${shown(trace.request)}</code>`)],
    ['Channel', (trace) => accepted(trace, () => channel(store.app, trace.channel))],
    ['From', (trace) => from({ ...trace, app: store.app }), 'wide'],
    ['Characters', (trace) => accepted(trace, () => count(trace.chars)), 'number wide'],
    ['Reached', (trace) => toned(reach(trace))],
  ];
  return table(caption, traces, hasChannel ? columns : columns.filter(([title]) => title !== 'Channel'));
}
