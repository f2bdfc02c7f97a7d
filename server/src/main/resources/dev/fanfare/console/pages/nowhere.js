import { html, Part } from './part.js';

/** `<fanfare-nowhere>`: an address that names no screen. */
class Nowhere extends Part {
  view() {
    return html`<h1>There is no such screen</h1>
      <p><a href="/">Overview</a></p>`;
  }
}

customElements.define('fanfare-nowhere', Nowhere);
