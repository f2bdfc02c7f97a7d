import { screen } from './address.js';
import { get } from './api.js';
import { html, nothing, Part } from './part.js';
import { channel, from } from './row.js';
import { store } from './store.js';
import { facts } from './table.js';
import { shown, time } from './text.js';

/** `<fanfare-refusal>`: one refusal. */
class Refusal extends Part {
  #row = null;

  start() {
    this.load(async () => {
      const [, app, , id] = this.at;
      const path = ['apps', app, 'refusals'];
      const { refusals } = await get(path, { before: String(BigInt(id) + 1n), limit: 1 });
      this.#row = refusals[0]?.id === id ? refusals[0] : undefined;
    });
  }

  view() {
    return html`
      <p class="back"><a href=${screen(store.app, ['refusals'])}>All refusals</a></p>
      <h1>Refused ${this.#row?.what ?? ''}</h1>
      ${this.problem()}
      ${this.#row === undefined ? html`<p class="empty">This refusal is no longer remembered.</p>` : nothing}
      ${this.#row ? this.#facts(this.#row) : nothing}
    `;
  }

  #facts(row) {
    return html`<p class="verdict" data-tone="bad">${row.status || ''} ${shown(row.reason)}</p>
      ${facts([
        ['Time', time(row.t)],
        ['From', from(row)],
        ['Address', row.socket && row.address && shown(row.address)],
        ['Channel', row.channel && channel(row.app, row.channel)],
        ['Request', row.request && html`<code>${shown(row.request)}</code>`],
      ])}`;
  }
}

customElements.define('fanfare-refusal', Refusal);
