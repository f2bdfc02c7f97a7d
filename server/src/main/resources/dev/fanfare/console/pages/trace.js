import { go, here, screen } from './address.js';
import { get, getOf } from './api.js';
import './chain.js';
import './payload.js';
import { html, nothing, Part } from './part.js';
import { channel, meant, reach, user } from './row.js';
import { store } from './store.js';
import { facts, search, table } from './table.js';
import { count, micros, name, shown, some, time } from './text.js';

const arrived = (text) => ({ answer }) => (answer?.arrived && answer.reached !== undefined ? text(answer) : nothing);
const NODES = [
  ['Node', ({ node }) => name(node)],
  ['Reached', (each) => reachedOn(each)],
  ['Excluded', arrived(({ excluded }) => count(excluded)), 'number wide'],
  ['Reading too slowly', arrived(({ behind }) => count(behind)), 'number wide'],
  ['Last one written after', arrived(({ delivered_us: us }) => (us === undefined ? nothing : micros(us))), 'number'],
];

function reachedOn({ answer, silent }) {
  if (silent || answer.error) {
    return 'no answer';
  }
  if (!answer.arrived) {
    return 'it did not arrive: no connection was subscribed there';
  }
  return answer.reached === undefined
    ? some(answer.subscribers, 'subscriber')
    : `${count(answer.reached)} of ${count(answer.subscribers)}`;
}

function sum(nodes) {
  const all = (key) => nodes.reduce((before, { answer }) => before + (answer?.[key] ?? 0), 0);
  return { reached: all('reached'), subscribers: all('subscribers') };
}

/** `<fanfare-trace>`: one publish: whom it has reached, and why not others. */
class Trace extends Part {
  #sockets = [];

  start() {
    this.#askUntilDelivered();
    get(['apps', store.app, 'connections'], { limit: 100 })
      .then(({ connections }) => {
        this.#sockets = connections.map((each) => each.socket_id);
        this.update();
      })
      .catch(() => {}); // they are only suggestions
  }

  async fetch() {
    const [, app, , number, , socket] = this.at;
    const node = here().params.get('node');
    const isHere = await store.isHere(node);
    const trace = await getOf(isHere ? '' : node, app, 'traces', number);
    const chain = socket && isHere ? await get(['apps', app, 'traces', number, 'to', socket]) : null;
    return { trace, chain, node: isHere ? '' : node };
  }

  async #askUntilDelivered() {
    await this.ask();
    if (this.answer?.trace.waiting && this.isConnected) {
      const timer = setTimeout(() => this.#askUntilDelivered(), 1_000);
      this.until(() => clearTimeout(timer));
    }
  }

  view() {
    const trace = this.answer?.trace;
    return html`
      <p class="back"><a href=${screen(store.app, ['trace'])}>All publishes</a></p>
      ${this.problem()} ${trace ? [this.#head(trace), this.#body(this.answer)] : html`<h1>Trace</h1>`}
    `;
  }

  #head(trace) {
    if (trace.status !== undefined) {
      return html`<h1>Refused request</h1>
        <p class="lead"><code>${shown(trace.request)}</code> at ${time(trace.t)} from ${shown(trace.address)}</p>`;
    }
    const sender = trace.socket
      ? html`connection <a href=${screen(store.app, ['connections', trace.socket])}>${trace.socket}</a>`
      : shown(trace.address ?? 'the API');
    return html`<h1>${name(trace.event)}</h1>
      <p class="lead">on ${channel(store.app, trace.channel)} at ${time(trace.t)} from ${sender}</p>`;
  }

  #body({ trace, chain, node }) {
    return html`
      ${chain === null ? this.#verdict(trace) : html`<fanfare-chain .chain=${chain}></fanfare-chain>`}
      ${node
        ? html`<p class="hint">The console of node ${name(node)} can follow it to one connection.</p>`
        : this.#question(trace, chain)}
      ${trace.status === undefined
        ? html`<h2>Delivery on ${node ? html`node ${name(node)}` : 'this node'}</h2>
            ${this.#numbers(trace)}
            ${trace.nodes ? this.#elsewhere(trace.nodes) : nothing}
            <fanfare-payload .event=${trace}></fanfare-payload>`
        : nothing}
    `;
  }

  #elsewhere(nodes) {
    const title = 'Delivery on other nodes';
    return html`<h2>${title}</h2>
      ${table(title, nodes, NODES)}`;
  }

  #question(trace, chain) {
    return html`${search('One connection', [['socket', 'Did it arrive at connection', '123.456', 'sockets']], 'Show the ten steps', ({ socket }) =>
        socket && go(screen(store.app, ['trace', trace.id, 'to', socket])), () => chain?.to)}
      <datalist id="sockets">${this.#sockets.map((id) => html`<option value=${id}></option>`)}</datalist>`;
  }

  #verdict(trace) {
    const { text, tone } = reach(trace);
    if (trace.status !== undefined) {
      return html`<p class="verdict" data-tone="bad">Refused with ${trace.status}: ${shown(trace.reason)}</p>`;
    }
    if (trace.subscribers > 0) {
      const sentence = trace.matched === undefined ? text : `Reached ${text}`;
      return html`<p class="verdict" data-tone=${tone}>${sentence}</p>`;
    }
    const { reached, subscribers } = sum(trace.nodes ?? []);
    if (subscribers > 0) {
      return html`<p class="verdict" data-tone=${reached < subscribers ? 'warn' : 'good'}>
        Reached ${count(reached)} of ${count(subscribers)} on other nodes
      </p>`;
    }
    return html`<p class="verdict" data-tone="bad">
      No connection was subscribed to ${name(trace.channel)}${meant(store.app, trace.similar)}
    </p>`;
  }

  #numbers(trace) {
    const known = (value) => (value === undefined || trace.subscribers === 0 ? '' : count(value));
    return facts([
      ['Subscribed when published', some(trace.subscribers, 'connection')],
      ['Still subscribed when delivered', known(trace.matched)],
      ['Reached', known(trace.reached)],
      ['Excluded by the publisher', known(trace.excluded)],
      ['Reading too slowly', known(trace.behind)],
      ['Closing', known(trace.closing)],
      ['Last one written after', trace.delivered_us && micros(trace.delivered_us)],
      ['User', trace.user && user(store.app, trace.user)],
    ]);
  }
}

customElements.define('fanfare-trace', Trace);
