import { html, Part } from './part.js';
import { pretty, shown, some } from './text.js';

/** `<fanfare-payload>`: the data of an event. */
class Payload extends Part {
  /** A row or a trace. */
  event;
  #isRaw = false;
  #isCopied = false;

  async #copy() {
    await navigator.clipboard.writeText(this.event.data);
    this.#isCopied = true;
    this.update();
  }

  view() {
    const { data, encrypted, chars } = this.event;
    if (data === undefined) {
      const why = encrypted ? 'encrypted' : 'no longer kept, or not shown (console_payloads)';
      return html`<p class="hint">Data: ${some(chars, 'character')}, ${why}.</p>`;
    }
    const toggle = () => {
      this.#isRaw = !this.#isRaw;
      this.update();
    };
    return html`<div class="payload">
      <div class="bar">
        <span>Data, ${some(chars, 'character')}</span>
        <button aria-pressed=${this.#isRaw} @click=${toggle}>Raw</button>
        ${navigator.clipboard
          ? html`<button @click=${() => this.#copy()}>${this.#isCopied ? 'Copied' : 'Copy'}</button>`
          : ''}
      </div>
      <pre tabindex="0" dir="auto" aria-label="Data">${shown(this.#isRaw ? data : pretty(data))}</pre>
    </div>`;
  }
}

customElements.define('fanfare-payload', Payload);
