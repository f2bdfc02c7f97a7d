import { screen } from './address.js';
import { get } from './api.js';
import { Figures } from './figures.js';
import { html, nothing, Part } from './part.js';
import './plot.js';
import { channel, summary, toned } from './row.js';
import { store } from './store.js';
import { table } from './table.js';
import { bytes, count, micros, name, shown, time } from './text.js';

const ASKED_MS = 2_000;
/** How often plots move for those who prefer less motion. */
const CALM_MS = 60_000;
const LATELY = 6;
const calm = matchMedia('(prefers-reduced-motion: reduce)');
const PLOTS = [
  {
    title: 'Publishes and deliveries a second',
    lines: [
      { title: 'Publishes/s', column: 'publishes', text: count },
      { title: 'Deliveries/s', column: 'deliveries', text: count, isApart: true },
    ],
  },
  {
    title: 'Time until the last write',
    lines: [
      { title: 'p50', column: 'p50_us', text: micros },
      { title: 'p99', column: 'p99_us', text: micros },
    ],
  },
  {
    title: 'Connections and lag of the slowest event loop',
    lines: [
      { title: 'Connections', column: 'connections', text: count },
      { title: 'Lag', column: 'lag_us', text: micros, isApart: true },
    ],
  },
];

/** `<fanfare-overview>`: how the node is doing. */
class Overview extends Part {
  #figures = new Figures();
  #drawnAt = 0;

  start() {
    this.every(ASKED_MS);
  }

  async fetch() {
    const [now, { refusals }] = await Promise.all([
      get(['overview']),
      store.app === undefined ? { refusals: [] } : get(['apps', store.app, 'refusals'], { limit: LATELY }),
      this.#figures.refresh(),
    ]);
    this.#draw();
    return { now, refusals };
  }

  #draw() {
    if (!calm.matches || Date.now() - this.#drawnAt >= CALM_MS) {
      this.#drawnAt = Date.now();
      const plots = this.#plots();
      this.querySelectorAll('fanfare-plot').forEach((each, index) => each.show(plots[index]));
    }
  }

  #plots() {
    return PLOTS.map((plot) => ({ ...plot, lines: this.#figures.known(plot.lines), figures: this.#figures.columns })).filter(
      ({ lines }) => lines.length > 0,
    );
  }

  view() {
    return html`<link rel="stylesheet" href="/vendor/uplot/uPlot.min.css" />
      <h1>Overview</h1>
      ${this.problem()} ${this.answer === null ? nothing : this.#body(this.answer)}`;
  }

  #body({ now, refusals }) {
    const tile = (title, value, tone = '') => html`<div class="tile" data-tone=${tone}><dt>${title}</dt><dd>${value}</dd></div>`;
    const latency = now.latency_us;
    return html`
      <dl class="tiles">
        ${tile('Node', now.ready ? 'ready' : 'not ready', now.ready ? 'good' : 'bad')}
        ${tile('Connections', count(now.connections))} ${tile('Channels', count(now.channels))}
        ${tile('Publishes/s', count(now.publishes_s))}
        ${now.deliveries_s === undefined ? nothing : tile('Deliveries/s', count(now.deliveries_s))}
        ${latency?.p99 === undefined || latency.p99 === null ? nothing : tile('p50, p99', `${micros(latency.p50)}, ${micros(latency.p99)}`)}
        ${tile('Refusals/min', count(now.refusals_min), now.refusals_min > 0 ? 'warn' : '')}
      </dl>
      ${now.reasons.map((reason) => html`<p class="problem">Not ready: ${shown(reason)}</p>`)}
      ${now.lost_rows > 0
        ? html`<p class="note">${count(now.lost_rows)} rows were too many to be shown since the start.</p>`
        : nothing}
      <div class="plots">${this.#plots().map((plot) => html`<fanfare-plot .plot=${plot}></fanfare-plot>`)}</div>
      <div class="columns">
        <section>${this.#lately(now, refusals)}</section>
        <section>${this.#busiest(now.busiest)} ${this.#slow(now.slow)} ${this.#lanes(now.lanes)}</section>
      </div>
      <p class="hint">Fanfare ${now.version}</p>
    `;
  }

  #lately({ failed_webhooks: webhooks }, refusals) {
    const all = [...refusals, ...webhooks].sort((one, other) => other.t - one.t).slice(0, LATELY);
    const what = (row) =>
      row.endpoint === undefined
        ? html`${summary(row)} <a href=${screen(row.app, ['refusals', row.id])}>why?</a>`
        : html`webhook <a href=${screen(row.app, ['webhooks'])}>${name(row.endpoint)}</a> ${toned({ text: shown(row.text), tone: 'bad' })}`;
    return html`<h2>Lately</h2>
      ${all.length === 0
        ? html`<p class="hint">Nothing was refused, and no webhook has failed.</p>`
        : table('Lately', all, [['Time', ({ t }) => time(t)], ['What', what]])}`;
  }

  #busiest(channels) {
    return html`<h2>Busiest channels</h2>
      ${channels.length === 0
        ? html`<p class="hint">Nothing was published in the last seconds.</p>`
        : table('Busiest channels', channels, [
            ['Channel', (each) => channel(each.app, each.channel)],
            ['Publishes/s', (each) => each.publishes_s.toLocaleString('en', { maximumFractionDigits: 1 }), 'number'],
            ['Subscribers', ({ subscribers }) => count(subscribers), 'number'],
          ])}`;
  }

  #slow(readers) {
    return readers.length === 0
      ? nothing
      : html`<h2>Slow readers</h2>
          ${table('Slow readers', readers, [
            ['Connection', (each) => html`<a href=${screen(each.app, ['connections', each.socket_id])}>${each.socket_id}</a>`],
            ['Unread', (each) => toned({ text: bytes(each.pending_bytes), tone: 'warn' }), 'number'],
            ['State', ({ behind }) => (behind ? 'misses events' : 'catching up')],
          ])}`;
  }

  #lanes(lanes) {
    return html`<h2>Event loops</h2>
      ${table('Event loops', lanes, [
        ['Loop', (_, index) => index + 1, 'number'],
        ['Sockets', ({ sockets }) => (sockets === undefined ? '' : count(sockets)), 'number'],
        ['Tasks waiting', ({ waiting }) => count(waiting), 'number'],
        ['Lag', ({ lag_us: late }) => micros(late), 'number'],
      ])}`;
  }
}

customElements.define('fanfare-overview', Overview);
