import { html } from './part.js';

const WIDTH = 120;
const HEIGHT = 24;
const KEPT = 300;

/** The values of the last minutes, which this page has seen, as a line. */
export class Spark {
  #values = [];

  add(value) {
    this.#values = [...this.#values, value].slice(-KEPT);
  }

  /** For the eye only: the number is beside it. */
  line() {
    const most = Math.max(1, ...this.#values);
    const points = this.#values.map((value, index) => {
      const x = (index / Math.max(1, this.#values.length - 1)) * WIDTH;
      return `${x.toFixed(1)},${(HEIGHT - 2 - (value / most) * (HEIGHT - 4)).toFixed(1)}`;
    });
    return html`<svg class="spark" viewBox="0 0 ${WIDTH} ${HEIGHT}" preserveAspectRatio="none" aria-hidden="true">
      <polyline points=${points.join(' ')}></polyline>
    </svg>`;
  }
}
