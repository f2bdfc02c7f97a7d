// The address is the state: what is shown, filtered, paused and selected can be sent to a colleague.

const watchers = new Set();
/** Segments that browsers would resolve, such as `..`, and what could be taken for one of them. */
const DOTS = /^(\.|%(25)*2e){1,2}$/i;

/** What the address says: `path`, its decoded `segments`, and `params`. */
export function here() {
  const path = location.pathname;
  const segments = path.split('/').filter(Boolean).map(decoded);
  return { path, segments, params: new URLSearchParams(location.search) };
}

/** Calls `watcher` with whether the path has changed; returns what ends that. */
export function watch(watcher) {
  watchers.add(watcher);
  return () => watchers.delete(watcher);
}

/** Goes to another address, as a link would. */
export function go(url) {
  move(() => history.pushState(null, '', url));
}

/** Goes there instead of here: the way back does not lead through this address. */
export function replace(url) {
  move(() => history.replaceState(null, '', url));
}

/** Sets parameters of this address, and removes those that are null or empty. */
export function amend(changes) {
  const { path, params } = here();
  for (const [name, value] of Object.entries(changes)) {
    if (value === null || value === '') {
      params.delete(name);
    } else {
      params.set(name, value);
    }
  }
  const query = params.toString();
  replace(path + (query ? `?${query}` : ''));
}

/** The address of a screen of an app, with parameters that are not empty. */
export function screen(app, segments, params = {}) {
  const path = ['apps', app, ...segments].map(encoded).join('/');
  const given = Object.entries(params).filter(([, value]) => value !== undefined && value !== '');
  return `/${path}${given.length ? `?${new URLSearchParams(given)}` : ''}`;
}

/** The regular expression for just this name of a channel. */
export function pattern(name) {
  return name.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');
}

/** Listens for clicks: links inside the console do not load it again. */
export function follow(event) {
  const link = event.target.closest?.('a[href]');
  const isPlain = !(event.ctrlKey || event.metaKey || event.shiftKey || event.altKey);
  if (link && isPlain && event.button === 0 && link.origin === location.origin && !link.target) {
    event.preventDefault();
    if (link.hash && link.pathname === location.pathname && !link.dataset.screen) {
      document.querySelector(link.hash)?.focus();
    } else {
      go(link.href);
    }
  }
}

addEventListener('popstate', () => changed(true));

function move(change) {
  const before = location.pathname;
  change();
  changed(before !== location.pathname);
}

function changed(isOtherPath) {
  for (const watcher of [...watchers]) {
    watcher(isOtherPath);
  }
}

/** A segment of a path; the server decodes `.` and `..` twice. */
export function encoded(segment) {
  const once = encodeURIComponent(segment);
  return DOTS.test(segment) ? encodeURIComponent(once.replaceAll('.', '%2e')) : once;
}

function decoded(segment) {
  try {
    const once = decodeURIComponent(segment);
    return DOTS.test(once) ? decodeURIComponent(once) : once;
  } catch {
    return segment;
  }
}
