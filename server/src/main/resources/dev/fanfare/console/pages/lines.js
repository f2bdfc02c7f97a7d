// The table of the live screen.
import { amend, screen } from './address.js';
import './details.js';
import { html, nothing } from './part.js';
import { channel, from, kind, result } from './row.js';
import { store } from './store.js';
import { clock, name, shown, utc } from './text.js';
import { repeat } from './vendor/lit-html/directives/repeat.js';

/** What there is to do while nothing happens. */
export function empty(isFiltered) {
  return html`<div class="empty">
    <p>${isFiltered ? 'Nothing has matched the filter yet.' : 'Nothing has happened lately.'}</p>
    <p>
      Earlier publishes are under <a href=${screen(store.app, ['trace'])}>Trace</a>, refusals under
      <a href=${screen(store.app, ['refusals'])}>Refusals</a>. To publish something:
    </p>
    <pre>fanfare publish --config fanfare.yaml --app ${store.app} --trace my-channel my-event '{"hello":"world"}'</pre>
  </div>`;
}

/** The rows; the one whose key is `open` with its details. Those of all nodes have a column for that. */
export function table(rows, open, isOfAll) {
  return html`<div class="scroll">
    <table class="rows live">
      <caption class="unseen">What has happened, newest first</caption>
      <thead>
        <tr>
          <th scope="col">Time</th>
          ${isOfAll ? html`<th scope="col">Node</th>` : nothing}
          <th scope="col">Kind</th>
          <th scope="col">Channel</th>
          <th scope="col">Event</th>
          <th scope="col">Result</th>
          <th scope="col" class="wide">From</th>
        </tr>
      </thead>
      <tbody>
        ${repeat(rows, (row) => row.key, (row) => line(row, row.key === open, isOfAll))}
      </tbody>
    </table>
  </div>`;
}

function line(row, isOpen, isOfAll) {
  return html`<tr class=${isOpen ? 'open' : ''}>
      <td>
        <button
          class="row"
          data-row
          aria-expanded=${isOpen}
          title=${utc(row.t)}
          @click=${() => amend({ row: isOpen ? null : row.key })}
        >
          ${clock(row.t)}
        </button>
      </td>
      ${isOfAll ? html`<td>${shown(row.node)}</td>` : nothing}
      <td>${kind(row)}</td>
      <td>${channel(row.app, row.channel)}</td>
      <td>${row.event === undefined ? nothing : name(row.event)}</td>
      <td>${result(row)}</td>
      <td class="wide">${from(row)}</td>
    </tr>
    ${isOpen
      ? html`<tr class="details">
          <td colspan=${isOfAll ? 7 : 6}><fanfare-details .row=${row}></fanfare-details></td>
        </tr>`
      : nothing}`;
}
