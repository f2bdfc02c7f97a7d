import { amend, here } from './address.js';
import { get } from './api.js';
import { html, nothing, Part } from './part.js';
import { publishes } from './publishes.js';
import { store } from './store.js';
import { pages, search } from './table.js';

const PAGE = 50;

/** `<fanfare-traces>`: the last publishes of an app, from which one is chosen. */
class Traces extends Part {
  start() {
    this.every(2_000);
  }

  async fetch() {
    const wanted = Object.fromEntries(here().params);
    return (await get(['apps', store.app, 'traces'], { ...wanted, limit: PAGE })).traces;
  }

  view() {
    return html`
      <h1>Trace</h1>
      <p class="lead">Which event did not arrive? Each publish shows how many connections it reached, and why not others.</p>
      ${search('Publishes', [['channel', 'Channel'], ['event', 'Event']], 'Find', (wanted) =>
        amend({ ...wanted, before: null }))}
      ${this.problem()} ${this.answer === null ? nothing : this.#list()}
    `;
  }

  #list() {
    const { params } = here();
    if (this.answer.length === 0) {
      return html`<div class="empty">
        <p>${params.size > 0 ? 'No remembered publish matches.' : 'Nothing was published yet.'}</p>
        <p>The setting <code>console_traces</code> says how many are remembered.</p>
      </div>`;
    }
    return [
      publishes('Publishes, newest first', this.answer, true),
      pages('before', this.answer.length === PAGE ? this.answer.at(-1).id : undefined),
    ];
  }
}

customElements.define('fanfare-traces', Traces);
