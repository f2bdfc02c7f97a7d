import { amend, here, pattern, screen } from './address.js';
import { get } from './api.js';
import { html, nothing, Part } from './part.js';
import { publishes } from './publishes.js';
import { meant, user } from './row.js';
import { store } from './store.js';
import { facts, pages, search, table } from './table.js';
import { count, name, shown, time } from './text.js';

const MEMBERS = [
  ['User', ({ id }) => user(store.app, id)],
  ['Info', ({ info }) => (info === undefined ? nothing : html`<code>${shown(info)}</code>`)],
];
const EVENT = [
  ['Event', ({ event }) => name(event)],
  ['Data', (each) => data(each)],
  ['Characters', ({ chars }) => count(chars), 'number wide'],
];

function data({ data: text, encrypted }) {
  if (text === undefined) {
    return encrypted ? 'encrypted' : nothing;
  }
  return html`<code>${shown(text.slice(0, 200))}${text.length > 200 ? '…' : ''}</code>`;
}

/** `<fanfare-channel>`: one channel, its members and last publishes. */
class Channel extends Part {
  start() {
    this.every(2_000);
  }

  async fetch() {
    const [, app, , channelName] = this.at;
    const { params } = here();
    return get(['apps', app, 'channels', channelName], { member: params.get('member'), after: params.get('after') });
  }

  view() {
    const channelName = this.at[3];
    return html`
      <p class="back"><a href=${screen(store.app, ['channels'])}>All channels</a></p>
      <h1>${name(channelName)}</h1>
      ${this.problem()} ${this.answer === null ? nothing : [this.#numbers(), this.#members()]}
      <p class="actions">
        <a class="button" href=${screen(store.app, ['live'], { channel: pattern(channelName) })}>Watch it live</a>
        <a class="button" data-trace href=${screen(store.app, ['trace'], { channel: channelName })}>Its publishes</a>
        <a class="button" href=${screen(store.app, ['connections'], { channel: channelName })}>Its connections</a>
        ${store.mayChange
          ? html`<a class="button" href=${screen(store.app, ['publish'], { channels: channelName })}>Publish to it</a>`
          : nothing}
      </p>
      ${this.answer === null ? nothing : [this.#kept(), this.#publishes()]}
    `;
  }

  #numbers() {
    const { subscribers, subscribers_here: onNode, users, similar } = this.answer;
    return subscribers === 0
      ? html`<p class="verdict" data-tone="warn">No connection is subscribed to this channel${meant(store.app, similar)}</p>`
      : facts([
          ['Subscribers', count(subscribers)],
          ['On this node', count(onNode)],
          ['Users', users && count(users)],
        ]);
  }

  #members() {
    const { members, next } = this.answer;
    const wanted = here().params.get('member');
    if (!members || (members.length === 0 && !wanted)) {
      return nothing;
    }
    return html`<h2>Members</h2>
      ${search('Members', [['member', 'Id begins with', '7']], 'Find', ({ member }) => amend({ member, after: null }))}
      ${members.length === 0
        ? html`<p class="hint">No member has such an id.</p>`
        : table('Members', members, MEMBERS)}
      ${pages('after', next)}`;
  }

  /** What the channel has for those who come later. */
  #kept() {
    const { cached, kept, kept_more: isMore } = this.answer;
    return html`${cached ? [html`<h2>Cached event</h2>`, table('Cached event', [cached], EVENT)] : nothing}
      ${kept
        ? html`<h2>Kept events</h2>
            ${kept.length === 0
              ? html`<p class="hint">None at present.</p>`
              : table('Kept events', kept, [['Time', ({ t }) => time(t)], ...EVENT])}
            ${isMore ? html`<p class="hint">and older ones</p>` : nothing}`
        : nothing}`;
  }

  #publishes() {
    return html`<h2>Last publishes</h2>
      ${this.answer.publishes.length === 0
        ? html`<p class="hint">None that is still remembered.</p>`
        : publishes('Last publishes', this.answer.publishes, false)}`;
  }
}

customElements.define('fanfare-channel', Channel);
