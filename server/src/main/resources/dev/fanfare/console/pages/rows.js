// The rows that the live screen shows, and what it has left out.

const KEPT = 300;
const WINDOW_MS = 3_000;
/** Events that are looked at again at a time. */
const LATE = 5;

/** The newest rows first; those that arrive during a pause wait. */
export class Rows {
  shown = [];
  /** Rows that have arrived during the pause. */
  waiting = 0;
  #paused = [];
  #known = new Set();
  #arrivals = [];

  /** Adds rows that are not known yet; returns how many are new, rather than from before. */
  add(all, isPaused, isEarlier) {
    const rows = all.filter(({ key }) => !this.#known.has(key));
    if (!isEarlier) {
      this.#note(rows.length, 0);
    }
    if (isPaused && !isEarlier) {
      this.waiting += rows.length;
      this.#paused = this.#merged(rows, this.#paused);
    } else {
      this.shown = this.#merged(rows, this.shown);
    }
    this.#known = new Set([...this.#paused, ...this.shown].map(({ key }) => key));
    return isEarlier ? 0 : rows.length;
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
    this.#known.clear();
  }

  /** Some that show an event which was still being delivered. */
  late() {
    return this.shown.filter(({ waiting }) => waiting).slice(0, LATE);
  }

  /** Shows what has become of a row's event since; null if that is not known. */
  complete(key, trace) {
    const completed = (row) => ({ ...row, waiting: undefined, ...trace, id: row.id });
    this.shown = this.shown.map((row) => (row.key === key ? completed(row) : row));
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
