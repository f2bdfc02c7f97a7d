import { amend, here } from './address.js';
import './filter.js';
import { empty, table } from './lines.js';
import { html, nothing, Part } from './part.js';
import { Rows } from './rows.js';
import { Stream } from './stream.js';
import { store } from './store.js';
import { count, some } from './text.js';

const FILTERS = ['channel', 'event', 'kind', 'socket', 'user', 'address'];
const FRAME_MS = 200;
const ANNOUNCE_MS = 5_000;

/** `<fanfare-live>`: what happens in an app, newest first. */
class Live extends Part {
  #rows = new Rows();
  #stream = null;
  #filter = '';
  #state = 'connecting';
  #refusal = null;
  #frame = null;
  #unannounced = 0;

  start() {
    this.#open();
    const announcing = setInterval(() => this.#announce(), ANNOUNCE_MS);
    this.until(() => {
      this.#stream.close();
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
    return JSON.stringify(FILTERS.map((each) => [each, params.get(each) ?? '']));
  }

  #isFiltered() {
    return JSON.parse(this.#filter).some(([, value]) => value);
  }

  #isPaused() {
    return here().params.get('paused') === '1';
  }

  #open() {
    this.#stream?.close();
    this.#filter = this.#wanted();
    this.#refusal = null;
    this.#state = 'connecting';
    this.#stream = new Stream(store.app, Object.fromEntries(JSON.parse(this.#filter)), {
      rows: (rows) => {
        this.#rows.add(rows, this.#isPaused());
        this.#unannounced += rows.length;
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
        ${this.#status()}
      </div>
      <fanfare-filter></fanfare-filter>
      ${this.#refusal ? html`<p class="problem" role="alert">${this.#refusal.message}</p>` : nothing}
      <p class="unseen" role="status"></p>
      ${this.#rows.shown.length === 0 ? empty(this.#isFiltered()) : table(this.#rows.shown, open)}
    `;
  }

  #status() {
    const { isSample, shown, all } = this.#rows.rate();
    const waiting = this.#rows.waiting;
    const text = {
      connecting: 'connecting',
      lost: 'connection lost, reconnecting',
      live: isSample ? `${count(shown)} of ${count(all)} rows a second: narrow the filter` : `${some(all, 'row')} a second`,
    }[this.#state];
    return html`<span class="state" data-state=${isSample ? 'sample' : this.#state}>${text}</span>
      <button
        data-pause
        aria-pressed=${this.#isPaused()}
        @click=${() => amend({ paused: this.#isPaused() ? null : '1' })}
      >
        ${this.#isPaused() ? `Resume${waiting ? ` (${count(waiting)} new)` : ''}` : 'Pause'}
      </button>`;
  }
}

customElements.define('fanfare-live', Live);
