import { amend, here } from './address.js';
import { get, post } from './api.js';
import { html, nothing, Part } from './part.js';
import { publishes } from './publishes.js';
import { LANGUAGES, snippet } from './snippet.js';
import { store } from './store.js';
import { bytes, name, some } from './text.js';

const QUIET_MS = 400;
const AGAIN_MS = 500;

/** `<fanfare-publish>`: publishes an event, and shows whom it has reached. */
class Publish extends Part {
  #event = Object.fromEntries(['channels', 'event', 'data', 'socket_id'].map((each) => [each, here().params.get(each) ?? '']));
  #language = null;
  #timer = null;
  #isBusy = false;
  #refusal = null;
  #published = [];

  start() {
    this.ask();
    this.until(() => clearTimeout(this.#timer));
  }

  addressChanged() {}

  get #channels() {
    return this.#event.channels.split(/[\s,]+/).filter(Boolean);
  }

  /** Who is there, for at most three channels. */
  async fetch() {
    const names = this.#channels.slice(0, 3);
    return Promise.all(names.map((channel) => get(['apps', store.app, 'channels', channel]).then((one) => ({ ...one, channel }))));
  }

  #typed(event) {
    this.#event = { ...this.#event, ...Object.fromEntries(new FormData(event.currentTarget)) };
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => {
      const { data, ...others } = this.#event;
      amend(data.length > 1_000 ? { ...others, data: null } : this.#event);
      this.ask();
    }, QUIET_MS);
    this.update();
  }

  async #submit(event) {
    event.preventDefault();
    if (this.#isBusy) {
      return;
    }
    this.#isBusy = true;
    this.#refusal = null;
    this.update();
    const { event: title, data, socket_id: socket } = this.#event;
    try {
      const body = { channels: this.#channels, event: title, data, ...(socket && { socket_id: socket }) };
      const { traces } = await post(['apps', store.app, 'publish'], body);
      await this.#follow(traces.map(({ trace }) => trace));
    } catch (failure) {
      this.#refusal = failure;
      store.failed(failure);
    }
    this.#isBusy = false;
    this.update();
  }

  /** Shows the traces, until each of them has ended. */
  async #follow(numbers) {
    this.#published = await Promise.all(numbers.map((number) => get(['apps', store.app, 'traces', number])));
    this.update();
    if (this.#published.some(({ waiting }) => waiting) && this.isConnected) {
      setTimeout(() => this.#follow(numbers).catch(() => {}), AGAIN_MS);
    }
  }

  view() {
    const { channels, event, data, socket_id: socket } = this.#event;
    return html`
      <h1>Publish</h1>
      <form class="publish" aria-label="Event" @input=${(input) => this.#typed(input)} @submit=${(sent) => this.#submit(sent)}>
        <label>Channels <input name="channels" .value=${channels} required data-filter placeholder="private-orders.1" autocomplete="off" spellcheck="false" /></label>
        <p class="hint" role="status">${this.#who()}</p>
        <label>Event <input name="event" .value=${event} required placeholder="OrderShipped" autocomplete="off" spellcheck="false" /></label>
        <label>Data <textarea name="data" rows="6" .value=${data} spellcheck="false" placeholder='{"id":7}'></textarea></label>
        <p class="hint">${form(data)}</p>
        <label>Except for connection <input name="socket_id" .value=${socket} placeholder="123.456" autocomplete="off" spellcheck="false" /></label>
        <div class="actions">
          <button class="main" ?disabled=${this.#isBusy}>Publish</button>
          ${LANGUAGES.map((each) => this.#asked(each))}
        </div>
      </form>
      ${this.#refusal ? html`<p class="problem" role="alert">${this.#refusal.message}</p>` : nothing}
      ${this.#language === null
        ? nothing
        : html`<pre class="snippet" tabindex="0" aria-label="The same for ${this.#language}">${snippet(this.#language, store.app, { ...this.#event, channels: this.#channels })}</pre>`}
      <div role="status">
        ${this.#published.length === 0
          ? nothing
          : html`<h2>Published</h2>
              ${publishes('Published', this.#published, true)}`}
      </div>
    `;
  }

  #asked(language) {
    const isShown = this.#language === language;
    const toggle = () => {
      this.#language = isShown ? null : language;
      this.update();
    };
    return html`<button type="button" aria-pressed=${isShown} @click=${toggle}>as ${language}</button>`;
  }

  #who() {
    const all = this.answer ?? [];
    return all.map(({ channel, subscribers, similar }) => {
      const count = subscribers === 0 ? 'no subscribers' : some(subscribers, 'subscriber');
      const meant = similar ? html`, but ${some(similar.subscribers, 'subscriber')} in ${name(similar.name)}` : nothing;
      return html`<span>${name(channel)}: ${count}${meant} </span>`;
    });
  }
}

/** How long the data is, and whether it is JSON. */
function form(data) {
  const size = bytes(new TextEncoder().encode(data).length);
  try {
    JSON.parse(data);
    return `JSON ✓, ${size}`;
  } catch {
    return `${data === '' ? 'No data' : 'Text, which is not JSON'}, ${size}`;
  }
}

customElements.define('fanfare-publish', Publish);
