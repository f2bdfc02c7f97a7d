import './act.js';
import { here, screen } from './address.js';
import { get } from './api.js';
import { html, nothing, Part } from './part.js';
import { channel, toned } from './row.js';
import { store } from './store.js';
import { pages, table } from './table.js';
import { ago, count, name, shown, some, span, time } from './text.js';

const PAGE = 50;
const STATES = ['dead', 'pending', 'delivered'];

/** `<fanfare-webhooks>`: what the app's endpoints were sent, and what they did not accept. */
class Webhooks extends Part {
  /** What a change has done, whose row is gone by then. */
  #done = '';

  start() {
    this.every(3_000);
  }

  get #state() {
    const { params } = here();
    return STATES.includes(params.get('state')) ? params.get('state') : STATES[0];
  }

  async fetch() {
    const after = here().params.get('after');
    return get(['apps', store.app, 'webhooks'], { state: this.#state, after, limit: PAGE });
  }

  view() {
    return html`
      <h1>Webhooks</h1>
      <p role="status" class=${this.#done ? 'note' : ''}>${this.#done}</p>
      ${this.problem()} ${this.answer === null ? nothing : this.#body(this.answer)}
    `;
  }

  #body({ endpoints, events, next, state }) {
    if (endpoints.length === 0 && events.length === 0) {
      return html`<p class="empty">App ${store.app} has no webhooks: the setting is <code>webhooks</code>.</p>`;
    }
    return html`
      ${table('Endpoints', endpoints, [
        ['Endpoint', ({ url }) => name(url)],
        ['Pending', ({ pending }) => count(pending), 'number'],
        ['Delivered', ({ delivered }) => count(delivered), 'number wide'],
        ['Dead', ({ dead }) => toned({ text: count(dead), tone: dead > 0 ? 'bad' : 'calm' }), 'number'],
        ['Last request', ({ last, next_try: at }) => [last ? html`${attempt(last)} ${ago(last.t)}` : nothing, retry(at)]],
        ...(store.me.role === 'admin' ? [['Action', (endpoint) => this.#purge(endpoint)]] : []),
      ])}
      <nav class="tabs" aria-label="States">
        ${STATES.map(
          (each) =>
            html`<a href=${screen(store.app, ['webhooks'], { state: each })} aria-current=${each === state ? 'page' : 'false'}
              >${each}</a
            >`,
        )}
      </nav>
      ${events.length === 0
        ? html`<p class="empty">No webhook is ${state}.</p>`
        : [table(`Webhooks that are ${state}`, events, this.#columns(state)), pages('after', next)]}
    `;
  }

  #columns(state) {
    return [
      ['Time', ({ t }) => time(t)],
      ['Events', ({ names }) => names.map((each) => html`${shown(each)} `)],
      ['Channel', (event) => channel(store.app, event.channel)],
      ['Endpoint', ({ endpoint }) => name(endpoint), 'wide'],
      ...(state === 'delivered'
        ? [['Result', attempt]]
        : [
            ['Attempts', ({ attempts }) => count(attempts), 'number'],
            ['Last result', ({ text }) => toned({ text: shown(text), tone: 'bad' })],
          ]),
      ...(state === 'dead' && store.mayChange ? [['Action', (event) => this.#replay(event)]] : []),
    ];
  }

  #did(text) {
    this.#done = text;
    this.ask();
    return '';
  }

  #replay({ id }) {
    const change = {
      title: 'Replay',
      action: 'Replay it',
      note: 'The endpoint is sent this webhook again, as if it were new.',
      path: ['apps', store.app, 'webhooks', id, 'replay'],
      done: () => this.#did(`Webhook ${id} is sent again.`),
    };
    return html`<fanfare-act .change=${change}></fanfare-act>`;
  }

  #purge({ url, dead }) {
    const change = {
      title: 'Purge',
      action: 'Delete them',
      note: `Deletes the dead webhooks of this endpoint for good. They cannot be replayed then.`,
      field: 'Host name of the endpoint',
      path: ['apps', store.app, 'webhooks', 'purge'],
      body: (host) => ({ endpoint: url, host: host.trim() }),
      done: ({ purged }) => this.#did(`${some(purged, 'dead webhook')} deleted.`),
    };
    return dead > 0 ? html`<fanfare-act .change=${change}></fanfare-act>` : nothing;
  }
}

/** What an endpoint has answered. */
function attempt({ status, ms, text }) {
  const isFine = status >= 200 && status < 300;
  return toned({ text: `${text ? shown(text) : status} after ${count(ms)} ms`, tone: isFine ? 'good' : 'bad' });
}

function retry(at) {
  return at > Date.now() ? html`, next try in ${span(at - Date.now())}` : nothing;
}

customElements.define('fanfare-webhooks', Webhooks);
