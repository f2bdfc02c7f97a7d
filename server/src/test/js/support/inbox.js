// Runs in Node and, served as it is, in the pages of the tests.

// Longer than the 15 s after which pusher-js retries on a dead network.
const DEADLINE_MS = 45_000;

/** The outcome of `promise`, or after the deadline an error that names what it was waiting for. */
export function within(promise, describe) {
  const waiting = new Error().stack.split('\n').slice(1); // shows the test that waits, not the timer
  let timer;
  const deadline = new Promise((_, reject) => {
    timer = setTimeout(() => {
      const late = new Error(`waited ${DEADLINE_MS / 1000} s for ${describe()}`);
      late.stack = [`Error: ${late.message}`, ...waiting].join('\n');
      reject(late);
    }, DEADLINE_MS);
  });
  return Promise.race([promise, deadline]).finally(() => clearTimeout(timer));
}

/**
 * Events in the order in which they came. Each can be taken once, before or after it came, so no
 * test depends on being quick enough to listen.
 */
export class Inbox {
  #received = [];
  #untaken = [];
  #waiting = [];

  constructor(title) {
    this.title = title;
  }

  /** A callback that puts what it is called with into this inbox, under the given name. */
  as(name) {
    return (data, metadata) => this.#receive({ name, data, metadata });
  }

  /** The data of the next event of that name which satisfies `wanted`. */
  async next(name, wanted = () => true) {
    return (await this.take(name, wanted)).data;
  }

  /** As `next`, with the metadata that pusher-js hands over beside the data. */
  take(name, wanted = () => true) {
    const matches = (event) => event.name === name && wanted(event.data);
    const index = this.#untaken.findIndex(matches);
    if (index >= 0) {
      return Promise.resolve(this.#untaken.splice(index, 1)[0]);
    }
    const arrival = new Promise((resolve) => this.#waiting.push({ matches, resolve }));
    return within(arrival, () => `"${name}" on ${this.title}; so far came: ${this.#summary()}`);
  }

  /** The names of all events so far, in order. */
  get history() {
    return this.#received.map((event) => event.name);
  }

  /** The names of the application's own events so far, in order. */
  get names() {
    return this.history.filter((name) => !name.startsWith('pusher:'));
  }

  /** The data of all events of that name so far, taken or not. */
  all(name) {
    return this.#received.filter((event) => event.name === name).map((event) => event.data);
  }

  #receive(event) {
    this.#received.push(event);
    const index = this.#waiting.findIndex(({ matches }) => matches(event));
    if (index >= 0) {
      this.#waiting.splice(index, 1)[0].resolve(event);
    } else {
      this.#untaken.push(event);
    }
  }

  #summary() {
    return this.history.join(', ') || 'nothing';
  }
}

/** An inbox for everything that a pusher-js object emits: client, connection, channel or user. */
export function listen(emitter, title) {
  const inbox = new Inbox(title);
  emitter.bind_global((name, data) => inbox.as(name)(data));
  return inbox;
}

/** Subscribes and waits for the success. The result is the channel's inbox, with its `channel`. */
export async function subscribe(client, channelName) {
  const inbox = trySubscribe(client, channelName);
  await inbox.next('pusher:subscription_succeeded');
  return inbox;
}

/** Subscribes without waiting, for tests of refusals and of what comes with the success. */
export function trySubscribe(client, channelName) {
  const channel = client.subscribe(channelName);
  return Object.assign(listen(channel, `channel ${channelName}`), { channel });
}
