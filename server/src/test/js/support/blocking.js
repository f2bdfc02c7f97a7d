import { connect, createServer } from 'node:net';
import { server } from './server.js';

/** What proxies do to the upgrade of a WebSocket. */
export const BLOCKS = {
  'answers 403': (socket) =>
    socket.end('HTTP/1.1 403 Forbidden\r\nContent-Length: 0\r\nConnection: close\r\n\r\n'),
  'never answers': () => {},
  'cuts the connection': (socket) => socket.destroy(),
};

/** A proxy before the server that lets no WebSocket pass. */
export class BlockingProxy {
  /** How many upgrades it has blocked. */
  blocked = 0;

  #block;
  #sockets = new Set();
  #tcp = createServer((near) => this.#join(near));

  static async start(t, block) {
    const proxy = new BlockingProxy();
    proxy.#block = block;
    await new Promise((started) => proxy.#tcp.listen(0, '127.0.0.1', started));
    t.after(() => proxy.#stop());
    return proxy;
  }

  /** Options that make a pusher-js client connect through this proxy. */
  get clientOptions() {
    const { port } = this.#tcp.address();
    return { wsHost: '127.0.0.1', wsPort: port, httpHost: '127.0.0.1', httpPort: port };
  }

  #join(near) {
    this.#add(near);
    near.once('data', (head) => {
      if (/^upgrade: *websocket/im.test(head.toString('latin1'))) {
        this.blocked += 1;
        this.#block(near);
        return;
      }
      const far = this.#add(connect({ port: server.port, host: server.host }));
      far.on('close', () => near.destroy());
      near.on('close', () => far.destroy());
      far.write(head);
      near.pipe(far).pipe(near);
    });
  }

  #add(socket) {
    this.#sockets.add(socket);
    socket.setNoDelay(true);
    socket.on('error', () => {}); // clients may abort
    socket.on('close', () => this.#sockets.delete(socket));
    return socket;
  }

  #stop() {
    this.#sockets.forEach((socket) => socket.destroy());
    return new Promise((stopped) => this.#tcp.close(stopped));
  }
}
