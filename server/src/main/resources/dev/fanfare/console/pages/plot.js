import { html, nothing, Part } from './part.js';
import Chart from './vendor/uplot/uPlot.iife.min.js';
import { store } from './store.js';
import { clock } from './text.js';

const HEIGHT = 150;
const MINUTE = 60;
const schemes = matchMedia('(prefers-color-scheme: dark)');

/** `<fanfare-plot>`: some columns of figures over the last quarter of an hour, and as a table. */
class Plot extends Part {
  /** `{title, lines: [{title, column, text}], figures}`; the figures are columns, oldest first. */
  plot;
  #drawing = null;
  #isTable = false;

  start() {
    const again = () => this.#draw(true);
    const sizes = new ResizeObserver(() => this.#drawing?.setSize(this.#size));
    sizes.observe(this);
    schemes.addEventListener('change', again);
    this.until(store.watch(again));
    this.until(() => {
      sizes.disconnect();
      schemes.removeEventListener('change', again);
      this.#drawing?.destroy();
    });
    this.update();
    queueMicrotask(() => this.#draw(true)); // once there is a place for it
  }

  /** Draws figures that have changed. */
  show(plot) {
    this.plot = plot;
    this.update();
    this.#draw(false);
  }

  get #size() {
    return { width: Math.max(200, this.clientWidth - 2), height: HEIGHT };
  }

  get #data() {
    const { lines, figures } = this.plot;
    return [figures.t.map((t) => t / 1_000), ...lines.map(({ column }) => figures[column])];
  }

  #draw(isNew) {
    const area = this.querySelector('.area');
    if (!this.isConnected || !area) {
      return;
    }
    if (isNew || !this.#drawing) {
      this.#drawing?.destroy();
      this.#drawing = new Chart({ ...this.#size, ...this.#options() }, this.#data, area);
    } else {
      this.#drawing.setData(this.#data);
    }
  }

  /** Colours are those that the stylesheet has given the legend. */
  #options() {
    const { lines } = this.plot;
    const colours = [...this.querySelectorAll('.legend i')].map((each) => getComputedStyle(each).backgroundColor);
    const { color: text, borderTopColor: grid } = getComputedStyle(this.querySelector('figure'));
    const axis = { stroke: text, grid: { stroke: grid, width: 1 }, ticks: { show: false }, font: '12px system-ui, sans-serif' };
    const own = (index) => (lines[index].isApart ? 'apart' : 'y');
    const scale = { range: (_, least, most) => [0, Math.max(1, most ?? 0) * 1.08] };
    return {
      legend: { show: false },
      cursor: { drag: { x: false, y: false }, points: { size: 6 } },
      scales: { y: scale, apart: scale },
      series: [
        { value: (_, t) => (t === null ? '' : clock(t * 1_000)) },
        ...lines.map(({ title }, index) => ({ label: title, scale: own(index), stroke: colours[index], width: 1.5, points: { size: 4 }, spanGaps: true })),
      ],
      axes: [
        { ...axis, size: 26, space: 70, values: (_, all) => all.map((t) => clock(t * 1_000).slice(0, 8)) },
        ...lines
          .filter(({ isApart }, index) => index === 0 || isApart)
          .map(({ text: write, isApart }) => ({
            ...axis,
            scale: isApart ? 'apart' : 'y',
            side: isApart ? 1 : 3,
            grid: { ...axis.grid, show: !isApart },
            size: 58,
            values: (_, all) => all.map(write),
          })),
      ],
    };
  }

  view() {
    const { title, lines, figures } = this.plot;
    const toggle = () => {
      this.#isTable = !this.#isTable;
      this.update();
    };
    const last = (column) => figures[column].findLast((value) => value !== null);
    return html`<figure class="plot">
      <figcaption>
        <ul class="legend">
          ${lines.map(
            ({ title: line, column, text }) =>
              html`<li><i aria-hidden="true"></i>${line} <b>${last(column) === undefined ? '–' : text(last(column))}</b></li>`,
          )}
        </ul>
        <button aria-expanded=${this.#isTable} aria-label="${title} as a table" @click=${toggle}>Table</button>
      </figcaption>
      <div class="area" role="img" aria-label="${title}, last 15 minutes"></div>
      ${this.#isTable ? this.#table() : nothing}
    </figure>`;
  }

  /** The last second of each minute. */
  #table() {
    const { title, lines, figures } = this.plot;
    const at = figures.t.map((_, index) => index).filter((index) => (figures.t.length - 1 - index) % MINUTE === 0);
    const cell = (column, text, index) => (figures[column][index] === null ? '' : text(figures[column][index]));
    return html`<div class="scroll">
      <table class="rows">
        <caption class="unseen">${title}</caption>
        <thead><tr><th scope="col">Time</th>${lines.map((line) => html`<th scope="col" class="number">${line.title}</th>`)}</tr></thead>
        <tbody>
          ${at.toReversed().map(
            (index) =>
              html`<tr>
                <td>${clock(figures.t[index])}</td>
                ${lines.map(({ column, text }) => html`<td class="number">${cell(column, text, index)}</td>`)}
              </tr>`,
          )}
        </tbody>
      </table>
    </div>`;
  }
}

customElements.define('fanfare-plot', Plot);
