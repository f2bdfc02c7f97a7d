import { here } from './address.js';
import { get, getOf } from './api.js';
import { ALL, allNodes, pause, progress } from './bar.js';
import './filter.js';
import { empty, table } from './lines.js';
import { html, nothing, Part } from './part.js';
import { Rows } from './rows.js';
import { Stream } from './stream.js';
import { store } from './store.js';
import { some } from './text.js';

const FILTERS = ['channel', 'event', 'kind', 'socket', 'user', 'address'];
/** Rows that were there before: as many as are shown. */
const EARLIER = 100;
const FRAME_MS = 200;
const ANNOUNCE_MS = 5_000;
const AGAIN_MS = 1_000;

/** `<fanfare-live>`: what happens in an app, newest first. */
class Live extends Part {
  #rows = new Rows();
  #stream = null;
  #filter = '';
  #state = 'connecting';
  #refusal = null;
  #frame = null;
  #unannounced = 0;
  /** Nodes that this one has found, with itself. */
  #nodes = 1;

  start() {
    this.#open();
    get(['nodes'])
      .then(({ nodes }) => {
        this.#nodes = nodes.length;
        this.update();
      })
      .catch(() => {}); // without an answer, there is no switch
    const announcing = setInterval(() => this.#announce(), ANNOUNCE_MS);
    const looking = setInterval(() => this.#lookAgain(), AGAIN_MS);
    this.until(() => {
      this.#stream.close();
      clearInterval(looking);
      clearInterval(announcing);
      clearTimeout(this.#frame);
    });
  }

  addressChanged() {
    if (!this.#isPaused() && this.#rows.waiting > 0) {
      this.#rows.release();
    }
    if (this.#filter !== this.#wanted()) {
      this.#rows.clear();
      this.#open();
    }
    this.update();
  }

  #wanted() {
    const { params } = here();
    return JSON.stringify([...FILTERS, 'nodes'].map((each) => [each, params.get(each) ?? '']));
  }

  #isFiltered() {
    return JSON.parse(this.#filter).some(([name, value]) => value && name !== 'nodes');
  }

  #isOfAll() {
    return here().params.get('nodes') === ALL;
  }

  #isPaused() {
    return here().params.get('paused') === '1';
  }

  #open() {
    this.#stream?.close();
    this.#filter = this.#wanted();
    this.#refusal = null;
    this.#state = 'connecting';
    const filter = Object.fromEntries(JSON.parse(this.#filter));
    let isEarlier = true; // the first rows are those from before
    this.#stream = new Stream(store.app, { ...filter, last: EARLIER }, {
      rows: (rows) => {
        const known = rows.map((row) => ({ ...row, key: `${row.node ?? ''}:${row.id}`, of: filter.nodes && row.node }));
        this.#unannounced += this.#rows.add(known, this.#isPaused(), isEarlier);
        isEarlier = false;
        this.#later();
      },
      skipped: (number) => {
        this.#rows.skip(number);
        this.#later();
      },
      state: (state) => {
        this.#state = state;
        this.update();
      },
      refused: (refusal) => {
        this.#refusal = refusal;
        store.failed(refusal);
        this.update();
      },
    });
  }

  /** Events that were still being delivered have been by now. */
  #lookAgain() {
    for (const { key, of, app, trace } of this.#rows.late()) {
      getOf(of, app, 'traces', trace)
        .catch(() => null)
        .then((found) => this.#rows.complete(key, found))
        .then(() => this.update());
    }
  }

  /** Ten batches a second need not be ten layouts. */
  #later() {
    this.#frame ??= setTimeout(() => {
      this.#frame = null;
      this.update();
    }, FRAME_MS);
  }

  #announce() {
    this.querySelector('[role=status]').textContent =
      this.#unannounced > 0 && !this.#isPaused() ? `${some(this.#unannounced, 'new row')}` : '';
    this.#unannounced = 0;
    this.update();
  }

  view() {
    const open = here().params.get('row');
    return html`
      <div class="title">
        <h1>Live</h1>
        ${progress(this.#state, this.#rows.rate())}
        ${this.#nodes > 1 || this.#isOfAll() ? allNodes(this.#isOfAll()) : nothing}
        ${pause(this.#isPaused(), this.#rows.waiting)}
      </div>
      <fanfare-filter></fanfare-filter>
      ${this.#refusal ? html`<p class="problem" role="alert">${this.#refusal.message}</p>` : nothing}
      <p class="unseen" role="status"></p>
      ${this.#rows.shown.length === 0 ? empty(this.#isFiltered()) : table(this.#rows.shown, open, this.#isOfAll())}
    `;
  }
}

customElements.define('fanfare-live', Live);
