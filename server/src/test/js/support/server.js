import { randomBytes } from 'node:crypto';

/** The server under test, as the environment describes it. */
export const server = {
  host: fromEnvironment('FANFARE_TEST_HOST', '127.0.0.1'),
  port: Number(fromEnvironment('FANFARE_TEST_PORT')),
  /** The only transport of pusher-js, if that is not WebSocket. */
  transport: process.env.FANFARE_TEST_TRANSPORT,
};

/** Its app, which has client events, subscription counts and watchlists switched on. */
export const app = {
  id: fromEnvironment('FANFARE_TEST_APP_ID'),
  key: fromEnvironment('FANFARE_TEST_APP_KEY'),
  secret: fromEnvironment('FANFARE_TEST_APP_SECRET'),
};

/**
 * Waits until the nodes behind the server's address know of each other what has happened so far. It
 * takes no time if there is only one.
 */
export async function settle() {
  const url = process.env.FANFARE_TEST_SETTLE_URL;
  if (url) {
    await (await fetch(url)).text();
  }
}

const thisProcess = randomBytes(4).toString('hex');
let serial = 0;

/** A channel or user name that no other test uses, so that all can share one server. */
export function unique(name) {
  serial += 1;
  return `${name}-${thisProcess}-${serial}`;
}

function fromEnvironment(name, otherwise) {
  const value = process.env[name] ?? otherwise;
  if (value === undefined || value === '') {
    throw new Error(`${name} is not set: these tests need a running server, see run.js`);
  }
  return value;
}
