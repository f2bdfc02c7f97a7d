import { get } from './api.js';
import { html, nothing, Part } from './part.js';
import { table } from './table.js';
import { name, shown } from './text.js';

const isDefault = ({ source }) => source === 'default';

/** `<fanfare-config>`: the configuration in use, where each value is from, and what the file says by now. */
class Config extends Part {
  start() {
    this.ask();
  }

  async fetch() {
    return get(['config']);
  }

  view() {
    return html`
      <h1>Configuration</h1>
      <p class="lead">What this node uses. Secrets are masked.</p>
      ${this.problem()} ${this.answer === null ? nothing : this.#body(this.answer)}
    `;
  }

  #body({ yaml, sources, restart, file }) {
    return html`
      ${file ? this.#file(file, new Set(restart)) : nothing}
      <div class="columns">
        <section>
          <h2>In use</h2>
          <pre class="snippet whole" tabindex="0" aria-label="The configuration in use">${shown(yaml)}</pre>
        </section>
        <section>
          <h2>Where values are from</h2>
          ${table('Where values are from', sources.toSorted((one, other) => isDefault(one) - isDefault(other)), [
            ['Key', ({ key }) => html`<code>${shown(key)}</code>`],
            ['Source', ({ source }) => name(source)],
          ])}
        </section>
      </div>
    `;
  }

  #file({ path, changed, differences }, needsOne) {
    if (!changed) {
      return html`<p class="note">${name(path)} has not changed since it was read.</p>`;
    }
    const keyOf = (text) => text.split(':')[0];
    return html`<p class="verdict" data-tone="warn">${name(path)} differs from what is in use. A reload (SIGHUP) applies it.</p>
      <ul class="lines">
        ${differences.map(
          (each) =>
            html`<li><code>${shown(each)}</code>${needsOne.has(keyOf(each)) ? ' needs a restart' : nothing}</li>`,
        )}
      </ul>`;
  }
}

customElements.define('fanfare-config', Config);
