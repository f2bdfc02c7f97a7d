import { screen } from './address.js';
import { get } from './api.js';
import { html, nothing, Part } from './part.js';
import { past } from './past.js';
import { Spark } from './spark.js';
import { store } from './store.js';
import { table } from './table.js';
import { count, lag, micros, shown } from './text.js';

/** `<fanfare-overview>`: how the node is doing. */
class Overview extends Part {
  #sparks = { connections: new Spark(), channels: new Spark(), lag: new Spark() };

  start() {
    this.every(2_000);
  }

  async fetch() {
    const now = await get(['overview']);
    this.#sparks.connections.add(now.connections);
    this.#sparks.channels.add(now.channels);
    this.#sparks.lag.add(lag(now));
    const { refusals } = store.app === undefined ? { refusals: [] } : await get(['apps', store.app, 'refusals'], { limit: 5 });
    return { now, refusals };
  }

  view() {
    return html`<h1>Overview</h1>
      ${this.problem()} ${this.answer === null ? nothing : this.#body(this.answer)}`;
  }

  #body({ now, refusals }) {
    const tile = (title, value, spark, tone = '') =>
      html`<div class="tile" data-tone=${tone}><dt>${title}</dt><dd>${value} ${spark?.line()}</dd></div>`;
    const { connections, channels, lag: lags } = this.#sparks;
    return html`
      <dl class="tiles">
        ${tile('Node', now.ready ? 'ready' : 'not ready', null, now.ready ? 'good' : 'bad')}
        ${tile('Connections', count(now.connections), connections)} ${tile('Channels', count(now.channels), channels)}
        ${tile('Slowest event loop', micros(lag(now)), lags)}
      </dl>
      ${now.reasons.map((reason) => html`<p class="problem">Not ready: ${shown(reason)}</p>`)}
      ${now.lost_rows > 0
        ? html`<p class="note">${count(now.lost_rows)} rows were too many to be shown since the start.</p>`
        : nothing}
      <div class="columns">
        <section>${this.#lately(refusals)}</section>
        <section>${this.#lanes(now.lanes)}</section>
      </div>
      <p class="hint">Fanfare ${now.version}</p>
    `;
  }

  #lately(refusals) {
    return html`<h2>Refused lately</h2>
      ${refusals.length === 0
        ? html`<p class="hint">Nothing${store.app === undefined ? '' : ` of app ${store.app}`}.</p>`
        : past('Refused lately', refusals, (row) =>
            html`<a href=${screen(store.app, ['refusals', row.id])}>why?</a>`)}`;
  }

  #lanes(lanes) {
    return html`<h2>Event loops</h2>
      ${table('Event loops', lanes, [
        ['Loop', (_, index) => index + 1, 'number'],
        ['Sockets', ({ sockets: all }) => (all === undefined ? '' : count(all)), 'number'],
        ['Tasks waiting', ({ waiting }) => count(waiting), 'number'],
        ['Lag', ({ lag_us: late }) => micros(late), 'number'],
      ])}`;
  }
}

customElements.define('fanfare-overview', Overview);
