// The rows that the live screen shows, and what it has left out.

const KEPT = 300;
const WINDOW_MS = 3_000;

/** The newest rows first; those that arrive during a pause wait. */
export class Rows {
  shown = [];
  /** Rows that have arrived during the pause. */
  waiting = 0;
  #paused = [];
  #arrivals = [];

  add(rows, isPaused) {
    this.#note(rows.length, 0);
    if (isPaused) {
      this.waiting += rows.length;
      this.#paused = this.#merged(rows, this.#paused);
    } else {
      this.shown = this.#merged(rows, this.shown);
    }
  }

  skip(number) {
    this.#note(0, number);
  }

  /** Shows what has waited. */
  release() {
    this.shown = this.#paused.concat(this.shown).slice(0, KEPT);
    this.#paused = [];
    this.waiting = 0;
  }

  clear() {
    this.shown = [];
    this.#paused = [];
    this.#arrivals = [];
    this.waiting = 0;
  }

  /** Rows a second lately: those that have arrived, and all. */
  rate() {
    this.#note(0, 0);
    const sum = (field) => this.#arrivals.reduce((total, each) => total + each[field], 0);
    const perSecond = (number) => Math.round((number * 1_000) / WINDOW_MS);
    return {
      isSample: sum('skipped') > 0,
      shown: perSecond(sum('rows')),
      all: perSecond(sum('rows') + sum('skipped')),
    };
  }

  #merged(newer, older) {
    return newer.toReversed().concat(older).slice(0, KEPT);
  }

  #note(rows, skipped) {
    const now = performance.now();
    this.#arrivals = this.#arrivals.filter(({ at }) => now - at < WINDOW_MS);
    if (rows + skipped > 0) {
      this.#arrivals.push({ at: now, rows, skipped });
    }
  }
}
