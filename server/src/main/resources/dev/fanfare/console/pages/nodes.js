import { get } from './api.js';
import { html, nothing, Part } from './part.js';
import { toned } from './row.js';
import { table } from './table.js';
import { count, lag, micros, name, shown, some } from './text.js';

const answered = (text) => ({ answer }) => (answer ? text(answer) : nothing);
const COLUMNS = [
  ['Node', ({ node }) => (node ? name(node) : 'this node')],
  ['State', (each) => state(each)],
  ['Connections', answered(({ connections }) => count(connections)), 'number'],
  ['Channels', answered(({ channels }) => count(channels)), 'number'],
  ['Slowest event loop', answered((answer) => micros(lag(answer))), 'number wide'],
  ['Rows not shown', answered(({ lost_rows: lost }) => count(lost)), 'number wide'],
  ['Version', answered(({ version }) => shown(version)), 'wide'],
];

function state({ answer, silent }) {
  if (silent) {
    return toned({ text: 'silent', tone: 'bad' });
  }
  if (!answer || answer.error) {
    return toned({ text: shown(answer?.error ?? 'no answer'), tone: 'bad' });
  }
  return answer.ready
    ? toned({ text: 'ready', tone: 'good' })
    : toned({ text: `not ready: ${answer.reasons.map(shown).join('; ')}`, tone: 'warn' });
}

/** `<fanfare-nodes>`: the nodes of the cluster, this one first. */
class Nodes extends Part {
  start() {
    this.every(2_000);
  }

  async fetch() {
    return (await get(['nodes'])).nodes;
  }

  view() {
    const silent = (this.answer ?? []).filter((each) => each.silent);
    return html`
      <div class="title">
        <h1>Nodes</h1>
        ${this.answer ? html`<span class="state">${some(this.answer.length, 'node')}</span>` : nothing}
      </div>
      ${this.problem()}
      ${silent.length > 0
        ? html`<p class="note">
            A silent node has not answered within a second: it stands still, cannot be reached, or has no console.
          </p>`
        : nothing}
      ${this.answer === null ? nothing : table('Nodes', this.answer, COLUMNS)}
      ${this.answer?.length === 1
        ? html`<p class="hint">This node is alone: it is in no cluster, or the others have left it.</p>`
        : nothing}
    `;
  }
}

customElements.define('fanfare-nodes', Nodes);
