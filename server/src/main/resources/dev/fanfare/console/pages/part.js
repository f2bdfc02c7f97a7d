// The base of all elements: they render into themselves, so that one stylesheet holds for all.
import { html, nothing, render } from './vendor/lit-html/lit-html.js';
import { here } from './address.js';
import { store } from './store.js';

export { html, nothing };

/** An element that renders what `view()` returns whenever `update()` was called. */
export class Part extends HTMLElement {
  /** The segments of the address for which it was made. */
  at = here().segments;
  #isAsked = false;
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
    this.load(() => this.fetch());
  }

  /** Asks the server for what the address names. */
  async fetch() {}

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

  /** Calls `task` now and `ms` after each of its ends, but not while the page is hidden. */
  every(ms, task) {
    let timer;
    let isOver = false;
    const next = async () => {
      if (!document.hidden) {
        await this.load(task);
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

  /** Runs `task`, and keeps its failure in `failure` for `problem()`. */
  async load(task) {
    try {
      await task();
      this.failure = null;
    } catch (failure) {
      this.failure = failure;
      store.failed(failure);
    }
    this.update();
  }

  /** What has failed, for the view. */
  problem() {
    return this.failure
      ? html`<p class="problem" role="alert">${this.failure.message}</p>`
      : nothing;
  }
}
