import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { createServer } from 'node:http';
import { describe, it } from 'node:test';
import Pusher from 'pusher-js';
import { Inbox, listen, trySubscribe } from './support/inbox.js';

/**
 * What pusher-js passes through and ignores. Resuming without a change in the app's code depends on
 * each of these, so a new version of the client that behaves differently fails here.
 */
describe('pusher-js, as history needs it', { concurrency: true }, () => {
  it('sends what follows the key in the URL unchanged', async (t) => {
    const script = await Script.start(t);
    startClient(t, script, 'my-key/dev-1~3f2a');
    assert.match(await script.inbox.next('url'), /^\/app\/my-key\/dev-1~3f2a\?protocol=7&client=js&/);
  });

  it('ignores unknown members of the greeting, and answers a ping before it', async (t) => {
    const script = await Script.start(t);
    const client = startClient(t, script);
    await script.inbox.next('url');
    script.ping('f1');
    script.greet({ resume: 'x' });
    assert.equal(await script.inbox.next('pong'), 'f1');
    await client.news.next('connected');
    for (const payload of ['', 'f2', 'f'.repeat(125)]) {
      script.ping(payload);
      assert.equal(await script.inbox.next('pong'), payload);
    }
  });

  it('sends signed data of private and of encrypted channels unchanged', async (t) => {
    const script = await Script.start(t);
    const channel_data = '{"device":"a1"}';
    const client = startClient(t, script, 'my-key', {
      customHandler: (_, callback) =>
        callback(null, { auth: 'my-key:00', channel_data, more: 1, shared_secret: 'AAAA' }),
    });
    await script.inbox.next('url');
    script.greet();
    await client.news.next('connected');
    for (const channel of ['private-letters', 'private-encrypted-letters']) {
      client.subscribe(channel);
      const { data } = await script.inbox.next('pusher:subscribe');
      assert.deepEqual(data, { auth: 'my-key:00', channel_data, channel });
    }
  });

  it('gives events before and after the success to the app, without their id', async (t) => {
    const { script, feed } = await subscribedTo(t, 'feed');
    script.send({ event: 'scored', channel: 'feed', data: '"1:0"', id: '1-0' });
    const { data, metadata } = await feed.seen.take('scored');
    assert.equal(data, '1:0');
    assert.deepEqual(metadata, {});
    script.send({ event: 'pusher_internal:subscription_succeeded', channel: 'feed', data: '{}', more: 1 });
    await feed.next('pusher:subscription_succeeded');
    script.send({ event: 'scored', channel: 'feed', data: '"1:1"', id: '1-1' });
    assert.equal(await feed.seen.next('scored'), '1:1');
  });

  it('stays connected for events that nothing is bound to', async (t) => {
    const { script, client, feed } = await subscribedTo(t, 'feed');
    script.send({ event: 'fanfare:gap', channel: 'feed', data: '{"reason":"expired"}' });
    script.send({ event: 'pusher:fanfare_gap', channel: 'feed', data: '{}' });
    script.send({ event: 'scored', channel: 'feed', data: '"1:0"' });
    assert.deepEqual(await feed.next('fanfare:gap'), { reason: 'expired' });
    assert.deepEqual(await feed.next('pusher:fanfare_gap'), {});
    assert.equal(await feed.seen.next('scored'), '1:0');
    assert.equal(client.connection.state, 'connected');
    assert.deepEqual(client.news.all('error'), []);
  });

  it('answers pusher:ping after the handlers of the page', async (t) => {
    const { script, feed } = await subscribedTo(t, 'feed');
    feed.channel.bind('slow', () => script.inbox.as('handled')());
    script.send({ event: 'slow', channel: 'feed', data: '1' });
    script.send({ event: 'pusher:ping', data: '{}' });
    await script.inbox.next('pusher:pong');
    assert.deepEqual(
      script.inbox.history.filter((name) => name === 'handled' || name === 'pusher:pong'),
      ['handled', 'pusher:pong'],
    );
  });

  it('closes with 1000 in Node', async (t) => {
    const { script, client } = await subscribedTo(t, 'feed');
    client.disconnect();
    assert.equal(await script.inbox.next('close'), 1000);
  });
});

async function subscribedTo(t, name) {
  const script = await Script.start(t);
  const client = startClient(t, script);
  await script.inbox.next('url');
  script.greet();
  await client.news.next('connected');
  const feed = trySubscribe(client, name);
  feed.seen = new Inbox(`what ${name} shows`);
  feed.channel.bind('scored', feed.seen.as('scored'));
  await script.inbox.next('pusher:subscribe');
  return { script, client, feed };
}

function startClient(t, script, key = 'my-key', channelAuthorization = {}) {
  const client = new Pusher(key, {
    cluster: 'unused',
    wsHost: '127.0.0.1',
    wsPort: script.port,
    forceTLS: false,
    enabledTransports: ['ws'],
    channelAuthorization,
  });
  t.after(() => client.disconnect());
  client.news = listen(client.connection, 'the connection');
  return client;
}

/** A server that sends what a test says, and notes what the client sends. */
class Script {
  inbox = new Inbox('the server');
  #socket;
  #read = Buffer.alloc(0);

  static async start(t) {
    const script = new Script();
    const http = createServer();
    http.on('upgrade', (request, socket) => script.#accept(request, socket));
    await new Promise((started) => http.listen(0, '127.0.0.1', started));
    script.port = http.address().port;
    t.after(() => {
      script.#socket?.destroy();
      http.close();
    });
    return script;
  }

  #accept(request, socket) {
    const accept = createHash('sha1')
      .update(`${request.headers['sec-websocket-key']}258EAFA5-E914-47DA-95CA-C5AB0DC85B11`)
      .digest('base64');
    socket.write(
      `HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Accept: ${accept}\r\n\r\n`,
    );
    this.#socket = socket;
    socket.on('error', () => {});
    socket.on('data', (bytes) => this.#onData(bytes));
    this.inbox.as('url')(request.url);
  }

  greet(more = {}) {
    const data = JSON.stringify({ socket_id: '1.1', activity_timeout: 120, ...more });
    this.send({ event: 'pusher:connection_established', data, ...more });
  }

  send(message) {
    this.#frame(0x81, Buffer.from(JSON.stringify(message)));
  }

  ping(payload) {
    this.#frame(0x89, Buffer.from(payload));
  }

  #frame(first, payload) {
    const length =
      payload.length < 126 ? [payload.length] : [126, payload.length >> 8, payload.length & 0xff];
    this.#socket.write(Buffer.concat([Buffer.from([first, ...length]), payload]));
  }

  #onData(bytes) {
    this.#read = Buffer.concat([this.#read, bytes]);
    for (let frame = this.#next(); frame; frame = this.#next()) {
      this.#note(frame);
    }
  }

  /** The next whole frame of the client, whose payload is masked. */
  #next() {
    const read = this.#read;
    const short = read.length > 1 ? read[1] & 0x7f : 0;
    const start = short === 126 ? 8 : 6;
    if (read.length < start) {
      return undefined;
    }
    const length = short === 126 ? read.readUInt16BE(2) : short;
    if (read.length < start + length) {
      return undefined;
    }
    const mask = read.subarray(start - 4, start);
    const payload = read.subarray(start, start + length).map((byte, i) => byte ^ mask[i % 4]);
    this.#read = read.subarray(start + length);
    return { opcode: read[0] & 0x0f, payload: Buffer.from(payload) };
  }

  #note({ opcode, payload }) {
    if (opcode === 0x1) {
      const message = JSON.parse(payload.toString());
      this.inbox.as(message.event)(message);
    } else if (opcode === 0x8) {
      this.inbox.as('close')(payload.length < 2 ? 1005 : payload.readUInt16BE(0));
      this.#frame(0x88, payload);
    } else if (opcode === 0xa) {
      this.inbox.as('pong')(payload.toString());
    }
  }
}
