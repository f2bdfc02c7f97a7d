// The base of all elements: they render into themselves, so that one stylesheet holds for all.
import { html, nothing, render } from './vendor/lit-html/lit-html.js';
import { here } from './address.js';
import { store } from './store.js';

export { html, nothing };

/** An element that renders what `view()` returns whenever `update()` was called. */
export class Part extends HTMLElement {
  /** The segments of the address for which it was made. */
  at = here().segments;
  /** What `fetch()` has returned last; null before. */
  answer = null;
  /** What has failed last. */
  failure = null;
  #isAsked = false;
  #questions = 0;
  #ends = [];

  connectedCallback() {
    this.start();
    this.update();
  }

  disconnectedCallback() {
    this.#ends.splice(0).forEach((end) => end());
  }

  /** Called when the element gets into the page. */
  start() {}

  /** Called when parameters of the address have changed, but not its path. */
  addressChanged() {
    this.ask();
  }

  /** Asks the server for what the address names. */
  async fetch() {}

  /**
   * Keeps what `fetch()` returns in `answer`. One that comes after a later question is ignored: the
   * address may name something else by then.
   */
  async ask() {
    const question = ++this.#questions;
    await this.load(() => this.fetch().then((answer) => () => (this.answer = answer)), () => question === this.#questions);
  }

  view() {
    return nothing;
  }

  /** Runs `end` when the element leaves the page. */
  until(end) {
    this.#ends.push(end);
  }

  update() {
    if (!this.#isAsked) {
      this.#isAsked = true;
      queueMicrotask(() => {
        this.#isAsked = false;
        if (this.isConnected) {
          render(this.view(), this);
        }
      });
    }
  }

  /** Asks now and `ms` after each answer, but not while the page is hidden. */
  every(ms) {
    let timer;
    let isOver = false;
    const next = async () => {
      if (!document.hidden) {
        await this.ask();
      }
      if (!isOver) {
        timer = setTimeout(next, ms);
      }
    };
    this.until(() => {
      isOver = true;
      clearTimeout(timer);
    });
    return next();
  }

  /**
   * Runs `task`, and what it returns. Its failure is kept in `failure` for `problem()`. Both have no
   * effect if `isWanted()` is false by then.
   */
  async load(task, isWanted = () => true) {
    let failure = null;
    let result;
    try {
      result = await task();
    } catch (caught) {
      failure = caught;
    }
    if (this.isConnected && isWanted()) {
      result?.();
      this.failure = failure;
      if (failure) {
        store.failed(failure);
      }
      this.update();
    }
  }

  /** What has failed, for the view. */
  problem() {
    return this.failure
      ? html`<p class="problem" role="alert">${this.failure.message}</p>`
      : nothing;
  }
}
