// What all screens share: who is here, the apps, and the theme.
import { Failure, get, post } from './api.js';
import { here, replace } from './address.js';

const THEMES = ['system', 'light', 'dark'];

class Store {
  /** `{name, role, apps}`; null before the login. */
  me = null;
  #node = null;
  #watchers = new Set();

  watch(watcher) {
    this.#watchers.add(watcher);
    return () => this.#watchers.delete(watcher);
  }

  changed() {
    this.#watchers.forEach((watcher) => watcher());
  }

  /** Asks who is here; without a session, goes to the login. */
  async start() {
    try {
      this.me = await get(['me']);
    } catch (failure) {
      this.failed(failure);
    }
    this.changed();
  }

  /** What a failed request means for all screens: a session that has ended leads to the login. */
  failed(failure) {
    if (failure instanceof Failure && failure.status === 401 && here().path !== '/login') {
      const next = location.pathname + location.search;
      const why = this.me ? 'ended' : '';
      this.me = null;
      replace(`/login?${new URLSearchParams({ next, ...(why && { why }) })}`);
    }
  }

  async logOut() {
    await post(['logout']).catch(() => {});
    this.me = null;
    replace('/login');
    this.changed();
  }

  /** True if a node of that name is the one that these pages are from; also if it is empty. */
  async isHere(node) {
    if (!node) {
      return true;
    }
    this.#node ??= (await get(['overview'])).node ?? '';
    return this.#node === node;
  }

  /** True if this person's role allows changes. */
  get mayChange() {
    return this.me?.role === 'operator' || this.me?.role === 'admin';
  }

  /** The app of the address, else the one looked at before, else the first. */
  get app() {
    const { segments } = here();
    const named = segments[0] === 'apps' ? segments[1] : undefined;
    if (named !== undefined) {
      remember('fanfare-app', named);
      return named;
    }
    const known = this.me?.apps ?? [];
    const last = recall('fanfare-app');
    return known.includes(last) ? last : known[0];
  }

  get theme() {
    return document.documentElement.dataset.theme ?? 'system';
  }

  nextTheme() {
    const theme = THEMES[(THEMES.indexOf(this.theme) + 1) % THEMES.length];
    document.documentElement.dataset.theme = theme;
    remember('fanfare-theme', theme);
    this.changed();
  }
}

export const store = new Store();

function remember(name, value) {
  try {
    localStorage.setItem(name, value);
  } catch {
    // it holds for this page only
  }
}

function recall(name) {
  try {
    return localStorage.getItem(name);
  } catch {
    return null;
  }
}
