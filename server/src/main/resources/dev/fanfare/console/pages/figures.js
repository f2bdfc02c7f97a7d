// What the node has done in each of the last 900 seconds, for the plots.
import { get } from './api.js';

const KEPT = 900;

/** The figures, of which only those that are new are asked for. */
export class Figures {
  /** Columns, oldest first; empty before the first answer. */
  columns = { t: [] };

  async refresh() {
    const since = this.columns.t.at(-1);
    const newer = await get(['series'], { since });
    const known = since === undefined || newer.t.length > KEPT ? {} : this.columns;
    this.columns = Object.fromEntries(
      Object.entries(newer).map(([name, values]) => [name, [...(known[name] ?? []), ...values].slice(-KEPT)]),
    );
  }

  /** The lines of a plot that there are figures for: some belong to those who see all apps. */
  known(lines) {
    return lines.filter(({ column }) => this.columns[column] !== undefined);
  }
}
