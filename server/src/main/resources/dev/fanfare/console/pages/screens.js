// Which screen an address names. A screen's module is loaded when it is first shown.
import { store } from './store.js';

/**
 * Screens of an app, in the order of the navigation; `key` follows `g` on the keyboard. Those with
 * `changes` are for people whose role allows that.
 */
const OF_APP = [
  { place: 'live', title: 'Live', key: 'l' },
  { place: 'connections', title: 'Connections', key: 'c', one: 'connection' },
  { place: 'channels', title: 'Channels', key: 'h', one: 'channel' },
  { place: 'trace', title: 'Trace', key: 't', all: 'traces', one: 'trace' },
  { place: 'refusals', title: 'Refusals', key: 'r', one: 'refusal' },
  { place: 'webhooks', title: 'Webhooks', key: 'w' },
  { place: 'publish', title: 'Publish', key: 'p', changes: true },
  { place: 'users', title: 'User', all: 'nowhere', one: 'user' },
];

/** Screens of the node. */
const OF_NODE = [
  { place: '', title: 'Overview', key: 'o', all: 'overview' },
  { place: 'nodes', title: 'Nodes', key: 'n' },
  { place: 'apps', title: 'Apps', key: 'a', changes: true },
  { place: 'config', title: 'Config', key: 'f', changes: true },
  { place: 'doctor', title: 'Doctor', key: 'd', changes: true },
];

const isOffered = ({ key, changes }) => key !== undefined && (!changes || store.mayChange);

/** Screens of an app that one can go to. */
export function ofApp() {
  return OF_APP.filter(isOffered);
}

/** Screens of the node that one can go to. */
export function ofNode() {
  return OF_NODE.filter(isOffered);
}

/** The title of what a path names, and how to load its element, which has the name of its module. */
export function find([first = '', app, place, object]) {
  const screen =
    first === 'apps' && app !== undefined
      ? OF_APP.find((each) => each.place === place)
      : OF_NODE.find((each) => each.place === first);
  if (first === 'login') {
    return shows('Log in', 'login');
  }
  if (!screen || (object !== undefined && !screen.one)) {
    return shows('Not found', 'nowhere');
  }
  return object === undefined
    ? shows(screen.title, screen.all ?? screen.place)
    : shows(`${object} · ${screen.title}`, screen.one);
}

function shows(title, noun) {
  return { title, load: () => import(`./${noun}.js`).then(() => `fanfare-${noun}`) };
}
