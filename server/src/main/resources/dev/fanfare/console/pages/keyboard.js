// Keys for those who have the console open all day. Nothing needs them.
import { go, screen } from './address.js';
import { ofApp, ofNode } from './screens.js';
import { store } from './store.js';

const TYPING = 'input, textarea, select, [contenteditable]';
const ACTING = 'button, a[href], summary, input, select, textarea';

/** Listens for keys, and acts on the screen that the shell shows. */
export class Keyboard {
  #shell;
  #isGoing = false;

  constructor(shell) {
    this.#shell = shell;
  }

  start() {
    document.addEventListener('keydown', (event) => this.#pressed(event));
  }

  #pressed(event) {
    if (event.ctrlKey || event.metaKey || event.altKey || event.defaultPrevented) {
      return;
    }
    if (event.target.closest(TYPING)) {
      if (event.key === 'Escape') {
        event.target.blur();
      }
      return;
    }
    if (document.querySelector('dialog[open]')) {
      return;
    }
    const isDone = this.#isGoing ? this.#goes(event.key) : this.#acts(event);
    if (isDone) {
      event.preventDefault();
    }
  }

  #goes(key) {
    this.#isGoing = false;
    const appScreen = ofApp().find((each) => each.key === key);
    const nodeScreen = ofNode().find((each) => each.key === key);
    if (appScreen && store.app !== undefined) {
      go(screen(store.app, [appScreen.place]));
    } else if (nodeScreen) {
      go(`/${nodeScreen.place}`);
    }
    return Boolean(appScreen ?? nodeScreen);
  }

  #acts(event) {
    const shown = this.#shell.shown;
    switch (event.key) {
      case 'g':
        this.#isGoing = true;
        return true;
      case '?':
        this.#shell.showHelp();
        return true;
      case '/':
        shown?.querySelector('[data-filter]')?.focus();
        return true;
      case 'j':
      case 'k':
        return this.#moves(event.key === 'j' ? 1 : -1);
      case 't':
        return this.#clicks('[data-trace]');
      case ' ':
        return this.#isFree(event, '[data-row]') && this.#clicks('[data-pause]');
      case 'Enter':
        return this.#isFree(event) && this.#clicks('[data-row]');
      default:
        return false;
    }
  }

  /** True if the key has no meaning where the focus is, or is on a row, which Enter opens as well. */
  #isFree({ target }, unless = 'main') {
    return !target.closest(ACTING) || target.matches(unless);
  }

  /** Moves the focus to the next or previous row of the table. */
  #moves(by) {
    const rows = [...(this.#shell.shown?.querySelectorAll('[data-row]') ?? [])];
    const at = rows.indexOf(document.activeElement?.closest('tr, li')?.querySelector('[data-row]'));
    const next = rows[at < 0 ? 0 : Math.min(rows.length - 1, Math.max(0, at + by))];
    next?.focus();
    next?.scrollIntoView({ block: 'nearest' });
    return next !== undefined;
  }

  #clicks(selector) {
    const row = document.activeElement?.closest('tr, li');
    const button = row?.querySelector(selector) ?? this.#shell.shown?.querySelector(selector);
    button?.click();
    return Boolean(button);
  }
}
