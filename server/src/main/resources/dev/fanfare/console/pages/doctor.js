import { amend, here } from './address.js';
import { get, post } from './api.js';
import { html, nothing, Part } from './part.js';
import { store } from './store.js';
import { shown } from './text.js';

const AGAIN_MS = 500;
const SIGNS = { ok: '✓', failed: '✗', warning: '!', skipped: '–' };
const MADE = { ok: 'yes', failed: 'no', warning: 'warning', skipped: 'unknown' };

/** `<fanfare-doctor>`: retraces the connection of a client, as `fanfare doctor` does. */
class Doctor extends Part {
  #timer = null;
  #isCopied = false;

  start() {
    this.until(() => clearTimeout(this.#timer));
    this.addressChanged();
  }

  addressChanged() {
    clearTimeout(this.#timer);
    this.answer = null;
    this.#isCopied = false;
    if (here().params.get('run')) {
      this.#askUntilDone();
    }
    this.update();
  }

  async fetch() {
    return get(['doctor', here().params.get('run')]);
  }

  async #askUntilDone() {
    await this.ask();
    if (this.isConnected && this.answer?.state === 'running') {
      this.#timer = setTimeout(() => this.#askUntilDone(), AGAIN_MS);
    }
  }

  #run(event) {
    event.preventDefault();
    const url = new FormData(event.target).get('url')?.trim();
    this.load(async () => {
      const { id } = await post(['doctor'], { app: store.app, ...(url && { url }) });
      amend({ run: id, url });
    });
  }

  view() {
    const isRunning = this.answer?.state === 'running';
    return html`
      <h1>Doctor</h1>
      <p class="lead">Connects as a client of app ${store.app} would, and says at which step it fails.</p>
      <form class="filter" aria-label="Doctor" @submit=${(event) => this.#run(event)}>
        ${store.me.role === 'admin'
          ? html`<label>
              URL, if not this server’s own
              <input name="url" data-filter value=${here().params.get('url') ?? ''} placeholder="wss://realtime.example" autocomplete="off" spellcheck="false" />
            </label>`
          : nothing}
        <button class="main" ?disabled=${isRunning}>${isRunning ? 'Running' : 'Run'}</button>
      </form>
      ${this.problem()} ${this.answer === null ? nothing : this.#body(this.answer)}
    `;
  }

  #verdict(steps) {
    const failed = steps.find(({ result }) => result === 'failed');
    return failed
      ? html`<p class="verdict" data-tone="bad">Failed at ${shown(failed.name)}: ${shown(failed.text)}</p>`
      : html`<p class="verdict" data-tone="good">A client can connect there.</p>`;
  }

  #body({ state, steps, block }) {
    return html`
      <div role="status">${state === 'done' ? this.#verdict(steps) : nothing}</div>
      <ol class="chain" aria-label="Steps" aria-busy=${state === 'running'}>
        ${steps.map(
          ({ name, result, text }) =>
            html`<li data-made=${MADE[result] ?? result}>
              <span class="sign" role="img" aria-label=${result}>${SIGNS[result] ?? '?'}</span>
              <span class="what">${shown(name)}</span> <span class="why">${shown(text)}</span>
            </li>`,
        )}
      </ol>
      ${state === 'done' && block ? this.#block(block) : nothing}
    `;
  }

  #block(block) {
    const copy = async () => {
      await navigator.clipboard.writeText(block);
      this.#isCopied = true;
      this.update();
    };
    return html`<div class="payload">
      <div class="bar">
        <span>For the configuration of the proxy</span>
        ${navigator.clipboard ? html`<button @click=${copy}>${this.#isCopied ? 'Copied' : 'Copy'}</button>` : nothing}
      </div>
      <pre tabindex="0" aria-label="For the configuration of the proxy">${shown(block)}</pre>
    </div>`;
  }
}

customElements.define('fanfare-doctor', Doctor);
