import { html, Part } from './part.js';
import { ofApp, ofNode } from './screens.js';

const KEYS = [
  ['/', 'filter'],
  ['j k', 'next and previous row'],
  ['Enter', 'details of the row'],
  ['Space', 'pause or go on'],
  ['t', 'trace the row’s event'],
  ['Esc', 'leave a field or this list'],
];

/** `<fanfare-help>`: the list of keys. */
class Help extends Part {
  open() {
    this.update(); // the role may be another one by now
    queueMicrotask(() => this.querySelector('dialog').showModal());
  }

  view() {
    const screens = [...ofNode(), ...ofApp()].map(({ key, title }) => [`g ${key}`, title]);
    const row = ([keys, what]) => html`<tr>
      <th scope="row">${keys.split(' ').map((key) => html`<kbd>${key}</kbd> `)}</th>
      <td>${what}</td>
    </tr>`;
    return html`<dialog aria-labelledby="help-title">
      <h2 id="help-title">Keyboard</h2>
      <div class="columns">
        <table><tbody>${KEYS.map(row)}</tbody></table>
        <table><tbody>${screens.map(row)}</tbody></table>
      </div>
      <form method="dialog"><button>Close</button></form>
    </dialog>`;
  }
}

customElements.define('fanfare-help', Help);
