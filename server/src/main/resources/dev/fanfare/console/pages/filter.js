import { amend, here } from './address.js';
import { html, Part } from './part.js';
import { KINDS } from './row.js';

const FIELDS = [
  ['channel', 'Channel', 'private-orders.*'],
  ['event', 'Event', 'OrderShipped'],
  ['socket', 'Connection', '123.456'],
  ['user', 'User', '7'],
  ['address', 'Address', '10.0.'],
];
const QUIET_MS = 400;

/** `<fanfare-filter>`: which rows the live screen shows. */
class Filter extends Part {
  #timer = null;

  start() {
    this.until(() => clearTimeout(this.#timer));
  }

  #typed() {
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => this.#apply(), QUIET_MS);
  }

  #apply() {
    clearTimeout(this.#timer);
    const form = new FormData(this.querySelector('form'));
    const kinds = form.getAll('kind');
    const changes = Object.fromEntries(FIELDS.map(([field]) => [field, form.get(field).trim()]));
    amend({ ...changes, kind: kinds.join(','), row: null });
  }

  #clear() {
    amend(Object.fromEntries([...FIELDS.map(([field]) => field), 'kind', 'row'].map((each) => [each, null])));
    this.querySelector('form').reset();
    this.update();
  }

  view() {
    const { params } = here();
    const kinds = (params.get('kind') ?? '').split(',');
    const submit = (event) => {
      event.preventDefault();
      this.#apply();
    };
    return html`<form class="filter" role="search" aria-label="Rows" @submit=${submit}>
      ${FIELDS.map(
        ([field, title, example]) =>
          html`<label>
            ${title}
            <input
              name=${field}
              value=${params.get(field) ?? ''}
              placeholder=${example}
              ?data-filter=${field === 'channel'}
              title=${field === 'channel' ? 'A regular expression for the whole name' : ''}
              autocomplete="off"
              spellcheck="false"
              @input=${() => this.#typed()}
            />
          </label>`,
      )}
      <button type="button" @click=${() => this.#clear()}>Clear</button>
      <fieldset>
        <legend class="unseen">Kinds</legend>
        ${Object.entries(KINDS).map(
          ([kind, title]) =>
            html`<label class="chip">
              <input
                type="checkbox"
                name="kind"
                value=${kind}
                ?checked=${kinds.includes(kind)}
                @change=${() => this.#apply()}
              />${title}
            </label>`,
        )}
      </fieldset>
    </form>`;
  }
}

customElements.define('fanfare-filter', Filter);
