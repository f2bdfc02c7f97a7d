// What most screens consist of: tables, facts about one thing, a filter, pages.
import { amend, here } from './address.js';
import { html, nothing } from './part.js';
import { repeat } from './vendor/lit-html/directives/repeat.js';

/**
 * A table of `rows` with `[title, cell, classes]` for each column: `cell(row)` is its content, and
 * `wide` columns are left out on narrow screens.
 */
export function table(caption, rows, columns) {
  return html`<div class="scroll">
    <table class="rows">
      <caption class="unseen">${caption}</caption>
      <thead>
        <tr>${columns.map(([title, , classes = '']) => html`<th scope="col" class=${classes}>${title}</th>`)}</tr>
      </thead>
      <tbody>
        ${repeat(
          rows,
          (row, index) => row.id ?? row.url ?? index,
          (row, index) =>
            html`<tr>
              ${columns.map(([, cell, classes = '']) => html`<td class=${classes}>${cell(row, index)}</td>`)}
            </tr>`,
        )}
      </tbody>
    </table>
  </div>`;
}

/** `[title, value]` of one thing; those that are not known are left out. */
export function facts(all) {
  return html`<dl class="facts">
    ${all
      .filter(([, value]) => value !== undefined && value !== '' && value !== nothing)
      .map(([title, value]) => html`<div><dt>${title}</dt><dd>${value}</dd></div>`)}
  </dl>`;
}

/** Buttons for the first page and the next, which the parameter `name` selects by `next`. */
export function pages(name, next) {
  const button = (title, value) => html`<button @click=${() => amend({ [name]: value })}>${title}</button>`;
  return html`<p class="pages">
    ${here().params.get(name) ? button('First page', null) : nothing}
    ${next === undefined ? nothing : button('Next page', next)}
  </p>`;
}

/** A form of `[name, title, example]` for each field; `found(values)` is called with what was entered. */
export function search(label, fields, action, found, values = (name) => here().params.get(name)) {
  const submit = (event) => {
    event.preventDefault();
    const form = new FormData(event.target);
    found(Object.fromEntries(fields.map(([name]) => [name, form.get(name).trim()])));
  };
  return html`<form class="filter" role="search" aria-label=${label} @submit=${submit}>
    ${fields.map(
      ([name, title, example = '', list = ''], index) =>
        html`<label>
          ${title}
          <input
            name=${name}
            value=${values(name) ?? ''}
            placeholder=${example}
            list=${list || nothing}
            ?data-filter=${index === 0}
            autocomplete="off"
            spellcheck="false"
          />
        </label>`,
    )}
    <button>${action}</button>
  </form>`;
}
