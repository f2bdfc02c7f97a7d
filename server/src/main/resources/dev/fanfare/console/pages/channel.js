import { pattern, screen } from './address.js';
import { get } from './api.js';
import { html, nothing, Part } from './part.js';
import { publishes } from './publishes.js';
import { meant, user } from './row.js';
import { store } from './store.js';
import { facts } from './table.js';
import { count, name, some } from './text.js';

/** `<fanfare-channel>`: one channel, its members and last publishes. */
class Channel extends Part {
  start() {
    this.every(2_000);
  }

  async fetch() {
    const [, app, , channelName] = this.at;
    return get(['apps', app, 'channels', channelName]);
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
        ${store.mayChange
          ? html`<a class="button" href=${screen(store.app, ['publish'], { channels: channelName })}>Publish to it</a>`
          : nothing}
      </p>
      ${this.answer === null ? nothing : this.#publishes()}
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
    const { members, users } = this.answer;
    if (!members?.length) {
      return nothing;
    }
    const more = users - members.length;
    return html`<h2>Members</h2>
      <ul class="names">${members.map(({ id }) => html`<li>${user(store.app, id)}</li>`)}</ul>
      ${more > 0 ? html`<p class="hint">and ${some(more, 'other')}</p>` : nothing}`;
  }

  #publishes() {
    return html`<h2>Last publishes</h2>
      ${this.answer.publishes.length === 0
        ? html`<p class="hint">None that is still remembered.</p>`
        : publishes('Last publishes', this.answer.publishes, false)}`;
  }
}

customElements.define('fanfare-channel', Channel);
