import { html, nothing } from './part.js';
import { kind, summary } from './row.js';
import { table } from './table.js';
import { time } from './text.js';

/** A table of what has happened, with what `link(row)` returns behind each row. */
export function past(title, rows, link = () => nothing) {
  return table(title, rows, [
    ['Time', (row) => time(row.t)],
    ['Kind', kind, 'wide'],
    ['What', (row) => html`${summary(row)} ${link(row)}`],
  ]);
}
