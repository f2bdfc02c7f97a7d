import { post } from './api.js';
import { html, nothing, Part } from './part.js';

/**
 * `<fanfare-act>`: a change. Its button asks whether it is meant and says what it does to clients; then
 * it is made.
 */
class Act extends Part {
  /**
   * `{title, note, action, path, body, field, done}`: `body(value)` is sent, with the value of the
   * input that `field` is the label of, if there is one; `done(answer)` says what came of it.
   */
  change;
  /** What the question is about, also if another change is offered by now. */
  #asked = null;
  #isBusy = false;
  #result = '';

  #open(asked) {
    this.#asked = asked;
    this.failure = null;
    this.#result = '';
    this.update();
    queueMicrotask(() => this.querySelector('[data-first]')?.focus());
  }

  async #submit(event) {
    event.preventDefault();
    if (this.#isBusy) {
      return;
    }
    this.#isBusy = true;
    this.update();
    const { path, body, done } = this.#asked;
    const value = new FormData(event.target).get('value');
    await this.load(async () => {
      const result = done(await post(path, body?.(value) ?? {})); // also if this has left the page, as a row may have
      return () => {
        this.#open(null);
        this.#result = result;
      };
    });
    this.#isBusy = false;
    this.update();
  }

  view() {
    return html`${this.#asked ? this.#question(this.#asked) : this.#button()}
      <span role="status" class="result" data-tone="good">${this.#result}</span>`;
  }

  #button() {
    return html`<button data-first aria-expanded="false" @click=${() => this.#open(this.change)}>${this.change.title}…</button>`;
  }

  #question({ title, note, action, field }) {
    const escaped = (event) => event.key === 'Escape' && this.#open(null);
    return html`<form class="act" aria-label=${title} @submit=${(event) => this.#submit(event)} @keydown=${escaped}>
      <p>${note}</p>
      ${this.problem()}
      ${field
        ? html`<label>${field} <input name="value" data-first required autocomplete="off" spellcheck="false" /></label>`
        : nothing}
      <div class="actions">
        <button class="main" ?data-first=${!field} ?disabled=${this.#isBusy}>${action}</button>
        <button type="button" @click=${() => this.#open(null)}>Cancel</button>
      </div>
    </form>`;
  }
}

customElements.define('fanfare-act', Act);
