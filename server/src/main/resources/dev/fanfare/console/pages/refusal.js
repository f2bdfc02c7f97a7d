import { here, screen } from './address.js';
import { answerOf, get } from './api.js';
import { html, nothing, Part } from './part.js';
import { channel, from } from './row.js';
import { store } from './store.js';
import { facts } from './table.js';
import { name, shown, time } from './text.js';

/** `<fanfare-refusal>`: one refusal, and what the signature that was refused is right for. */
class Refusal extends Part {
  start() {
    this.ask();
  }

  async fetch() {
    const [, app, , id] = this.at;
    const node = here().params.get('node');
    const path = ['apps', app, ...(node ? ['nodes'] : []), 'refusals'];
    const found = await get(path, { before: String(BigInt(id) + 1n), limit: 1 });
    const [row] = (node ? answerOf(found.nodes, node) : found).refusals;
    if (row?.id !== id) {
      return {};
    }
    const isHere = await store.isHere(node);
    return { row, isHere, why: isHere ? await get(['apps', app, 'refusals', id, 'why']) : undefined };
  }

  view() {
    const { row } = this.answer ?? {};
    return html`
      <p class="back"><a href=${screen(store.app, ['refusals'])}>All refusals</a></p>
      <h1>Refused ${row?.what ?? ''}</h1>
      ${this.problem()}
      ${this.answer !== null && row === undefined
        ? html`<p class="empty">This refusal is no longer remembered.</p>`
        : nothing}
      ${row ? [this.#facts(row), this.#why(this.answer)] : nothing}
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
        ['Node', this.answer.isHere ? '' : shown(row.node)],
      ])}`;
  }

  #why({ row, isHere, why }) {
    if (!isHere) {
      return html`<p class="hint">The console of node ${name(row.node)} can say what its signature is right for.</p>`;
    }
    if (why.string_to_sign === undefined) {
      return nothing;
    }
    return html`<h2>Which mistake made the signature?</h2>
      <p class="verdict" data-tone=${why.finding ? 'warn' : 'calm'}>${shown(why.text)}.</p>
      <dl class="signed">
        <dt>What should have been signed</dt>
        <dd><pre tabindex="0" aria-label="What should have been signed">${shown(why.string_to_sign)}</pre></dd>
        <dt>The signature that was sent</dt>
        <dd><pre tabindex="0" aria-label="The signature that was sent">${shown(why.given) || '(none)'}</pre></dd>
      </dl>
      <p class="hint">${why.signatures} signatures were compared with it. The client has been sent none of this.</p>`;
  }
}

customElements.define('fanfare-refusal', Refusal);
