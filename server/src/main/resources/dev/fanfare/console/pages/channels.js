import { amend, here, screen } from './address.js';
import { get } from './api.js';
import { html, nothing, Part } from './part.js';
import { store } from './store.js';
import { pages, search, table } from './table.js';
import { count, name, some } from './text.js';

const PAGE = 50;
const COLUMNS = [
  [
    'Name',
    (each) => html`<a data-row class="channel" href=${screen(store.app, ['channels', each.name])}>${name(each.name)}</a>`,
  ],
  ['Subscribers', (each) => count(each.subscribers), 'number'],
  ['On this node', (each) => count(each.subscribers_here), 'number wide'],
  ['Users', ({ users }) => (users === undefined ? '' : count(users)), 'number'],
];

/** `<fanfare-channels>`: the channels of an app that have subscribers, by their names. */
class Channels extends Part {
  start() {
    this.every(5_000);
  }

  async fetch() {
    const wanted = Object.fromEntries(here().params);
    return get(['apps', store.app, 'channels'], { ...wanted, limit: PAGE });
  }

  view() {
    return html`
      <div class="title">
        <h1>Channels</h1>
        ${this.answer ? html`<span class="state">${some(this.answer.total, 'channel')} with subscribers</span>` : nothing}
      </div>
      ${search('Channels', [['prefix', 'Begins with', 'private-']], 'Find', ({ prefix }) =>
        amend({ prefix, after: null }))}
      ${this.problem()} ${this.answer === null ? nothing : this.#list()}
    `;
  }

  #list() {
    const { channels, next } = this.answer;
    if (channels.length === 0) {
      const what = here().params.get('prefix') ? 'No channel that begins so' : 'No channel';
      return html`<div class="empty"><p>${what} has subscribers.</p></div>`;
    }
    return [table('Channels', channels, COLUMNS), pages('after', next)];
  }
}

customElements.define('fanfare-channels', Channels);
