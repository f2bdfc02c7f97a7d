import './act.js';
import { amend, here, screen } from './address.js';
import { get } from './api.js';
import { html, nothing, Part } from './part.js';
import { toned } from './row.js';
import { store } from './store.js';
import { pages, table } from './table.js';
import { shown } from './text.js';

const PAGE = 50;
const LIST = ['catalog'];

/** `<fanfare-apps>`: the apps of the server, and what administrators change of them. */
class Apps extends Part {
  /** What a change has done, whose row may be gone by then. */
  #done = '';

  start() {
    this.ask();
  }

  async fetch() {
    const { params } = here();
    const one = params.get('show');
    const [list, details] = await Promise.all([
      get(LIST, { after: params.get('after'), limit: PAGE }),
      one ? get([...LIST, one]) : null,
    ]);
    return { ...list, details };
  }

  view() {
    return html`
      <h1>Apps</h1>
      <p role="status" class=${this.#done ? 'note' : ''}>${this.#done}</p>
      ${this.problem()} ${this.answer === null ? nothing : this.#body(this.answer)}
    `;
  }

  #body({ apps, next, changeable, reason, details }) {
    const mayChange = changeable && store.me.role === 'admin';
    return html`
      ${changeable ? nothing : html`<p class="note">Read-only: ${shown(reason)}.</p>`}
      ${mayChange ? html`<p class="actions">${this.#act(this.#creation())}</p>` : nothing}
      ${apps.length === 0
        ? html`<p class="empty">There is no app.</p>`
        : table('Apps', apps, [
            ['Id', ({ id }) => html`<a href=${screen(id, ['live'])}>${shown(id)}</a>`],
            ['Key', ({ key }) => html`<code>${shown(key)}</code>`],
            ['State', (app) => state(app)],
            ['Options', ({ id }) => html`<button @click=${() => amend({ show: id })}>Show</button>`],
            ...(mayChange ? [['Action', (app) => this.#changes(app).map((each) => this.#act(each))]] : []),
          ])}
      ${pages('after', next)} ${details ? this.#details(details.app, mayChange) : nothing}
    `;
  }

  #details(app, mayChange) {
    return html`<h2>Options of ${shown(app.id)}</h2>
      <p class="actions">
        ${mayChange ? this.#act(this.#options(app)) : nothing}
        <button @click=${() => amend({ show: null })}>Close</button>
      </p>
      <pre class="snippet whole" tabindex="0" aria-label="Options">${shown(JSON.stringify(app, null, 2))}</pre>`;
  }

  #act(change) {
    return html`<fanfare-act .change=${change}></fanfare-act>`;
  }

  #did(text) {
    this.#done = text;
    this.ask();
    return '';
  }

  #creation() {
    return {
      title: 'Create an app',
      action: 'Create it',
      note: 'Options as in an entry of apps:, as JSON. What is missing of id, key and secret is generated.',
      field: 'Options, {} for the defaults',
      path: LIST,
      body: parsed,
      done: ({ app, secret }) => this.#did(`App ${app.id} created with the key ${app.key}. ${once(secret)}`),
    };
  }

  #options({ id }) {
    return {
      title: 'Change options',
      action: 'Change them',
      note: 'Options to change, as JSON: {"client_events":true}. null restores a default; a list is replaced as a whole.',
      field: 'Options',
      path: [...LIST, id, 'change'],
      body: parsed,
      done: () => this.#did(`App ${id} changed.`),
    };
  }

  #changes({ id, enabled }) {
    const change = (title, action, note, verb, done) => ({ title, action, note, path: [...LIST, id, verb], done });
    return [
      enabled
        ? change('Disable', 'Disable it', 'Closes its connections with code 4003, and refuses new ones and requests.', 'disable', () =>
            this.#did(`App ${id} disabled.`),
          )
        : change('Enable', 'Enable it', 'Accepts connections and requests again.', 'enable', () => this.#did(`App ${id} enabled.`)),
      change(
        'Rotate secret',
        'Rotate it',
        'Generates a new secret. The former one stays valid, as previous_secret, in place of an earlier one.',
        'rotate',
        ({ secret }) => this.#did(`App ${id} has a new secret. ${once(secret)}`),
      ),
      change('Delete', 'Delete it', 'Closes its connections with code 4001: clients do not connect again.', 'delete', () =>
        this.#did(`App ${id} deleted.`),
      ),
    ];
  }
}

function state({ enabled, has_previous_secret: isRotated }) {
  const text = enabled ? 'enabled' : 'disabled';
  return [toned({ text, tone: enabled ? 'good' : 'bad' }), isRotated ? ', with a previous secret' : nothing];
}

function once(secret) {
  return secret ? `Its secret, which is not shown again: ${secret}` : '';
}

function parsed(text) {
  try {
    return JSON.parse(text);
  } catch {
    throw new Error('This is not JSON.');
  }
}

customElements.define('fanfare-apps', Apps);
