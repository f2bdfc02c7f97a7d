// What happens in an app, as it happens.
import { address } from './api.js';

/** An open stream of rows. The browser opens it again when the network fails. */
export class Stream {
  #url;
  #source;
  #listener;

  /**
   * @param filter parameters of `/api/stream`; those that are empty are left out
   * @param listener `rows(rows)`, `skipped(number, why)`, `state('live' | 'lost')` and
   *     `refused({status, message})`
   */
  constructor(app, filter, listener) {
    const given = Object.entries(filter).filter(([, value]) => value);
    this.#url = `${address(['stream'])}?${new URLSearchParams([['app', app], ...given])}`;
    this.#listener = listener;
    this.#open();
  }

  #open() {
    const source = new EventSource(this.#url);
    this.#source = source;
    source.onopen = () => this.#listener.state('live');
    source.addEventListener('rows', ({ data }) => this.#listener.rows(JSON.parse(data)));
    source.addEventListener('skipped', ({ data }) => {
      const { rows, why } = JSON.parse(data);
      this.#listener.skipped(rows, why);
    });
    source.onerror = () => {
      this.#listener.state('lost');
      if (source.readyState === EventSource.CLOSED) {
        this.#explain(source);
      }
    };
  }

  /** The browser does not show why a stream was refused, so it is asked for once more. */
  async #explain(source) {
    const aborting = new AbortController();
    const response = await fetch(this.#url, { signal: aborting.signal }).catch(() => null);
    if (source !== this.#source) {
      aborting.abort();
      return;
    }
    if (response && !response.ok) {
      const { error } = await response.json().catch(() => ({}));
      this.#listener.refused({
        status: response.status,
        message: error ?? `The answer was ${response.status}.`,
      });
      return;
    }
    aborting.abort();
    setTimeout(() => source === this.#source && this.#open(), 2_000);
  }

  close() {
    this.#source.close();
    this.#source = null;
  }
}
