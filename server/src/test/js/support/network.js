import { connect, createServer } from 'node:net';
import { Inbox } from './inbox.js';
import { server } from './server.js';

/** A stretch of network before the server, which can fail and go silent as real ones do. */
export class Network {
  /** How many connections were made through it. */
  connections = 0;

  /** Has a "closed" for every connection that ended. */
  news = new Inbox('the network');

  #pairs = new Set();
  #tcp = createServer({ allowHalfOpen: true }, (near) => this.#join(near));

  static async start(t) {
    const network = new Network();
    await new Promise((started) => network.#tcp.listen(0, '127.0.0.1', started));
    t.after(() => network.#stop());
    return network;
  }

  /** Options that make a pusher-js client connect through this network. */
  get clientOptions() {
    return { wsHost: '127.0.0.1', wsPort: this.port, httpHost: '127.0.0.1', httpPort: this.port };
  }

  get port() {
    return this.#tcp.address().port;
  }

  /** Drops all connections without a close frame. New ones work. */
  cut() {
    this.#pairs.forEach((pair) => pair.forEach((socket) => socket.destroy()));
  }

  /** Holds back every byte of the existing connections. New ones work. */
  freeze() {
    for (const [near, far] of this.#pairs) {
      near.unpipe(far).pause();
      far.unpipe(near).pause();
    }
  }

  /** Sends bytes to the server on every connection, as if its client had, between two messages. */
  inject(bytes) {
    this.#pairs.forEach(([, far]) => far.write(bytes));
  }

  #join(near) {
    this.connections += 1;
    const far = connect({ port: server.port, host: server.host, allowHalfOpen: true });
    const pair = [near, far];
    this.#pairs.add(pair);
    for (const socket of pair) {
      socket.setNoDelay(true);
      socket.on('error', () => {}); // a broken connection is what this class is for
      socket.on('close', () => {
        pair.forEach((either) => either.destroy());
        if (this.#pairs.delete(pair)) {
          this.news.as('closed')();
        }
      });
    }
    near.pipe(far);
    far.pipe(near);
  }

  #stop() {
    this.cut();
    return new Promise((stopped) => this.#tcp.close(stopped));
  }
}
