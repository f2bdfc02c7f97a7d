import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { connect, serverSdk, startClient } from './support/clients.js';
import { listen, subscribe } from './support/inbox.js';
import { Network } from './support/network.js';
import { unique } from './support/server.js';

describe('A connection', { concurrency: true }, () => {
  it('gets a unique socket id', async (t) => {
    const [one, other] = await Promise.all([connect(t), connect(t)]);
    assert.match(one.connection.socket_id, /^\d+\.\d+$/);
    assert.match(other.connection.socket_id, /^\d+\.\d+$/);
    assert.notEqual(one.connection.socket_id, other.connection.socket_id);
  });

  it('is refused with 4001 for an unknown key, and the client does not try again', async (t) => {
    const network = await Network.start(t);
    const stranger = startClient(t, network.clientOptions, 'no-such-key');
    const news = listen(stranger.connection, 'the connection with an unknown key');
    const { error } = await news.next('error');
    assert.equal(error.data.code, 4001);
    assert.match(error.data.message, /no-such-key/);
    await news.next('disconnected');

    // pusher-js tries again after one second if at all: another client's retry shows it is over
    await lostAndFound(t);
    assert.equal(stranger.connection.state, 'disconnected');
    assert.equal(network.connections, 1);
  });

  it('is kept alive by pings of the client, each of which is answered', async (t) => {
    const client = await connect(t, { activityTimeout: 100 });
    await client.news.next('message', ({ event }) => event === 'pusher:pong');
    await client.news.next('message', ({ event }) => event === 'pusher:pong');
    assert.equal(client.connection.state, 'connected');
    assert.deepEqual(client.news.all('error'), []);
  });

  it('is replaced when a ping gets no answer', async (t) => {
    const network = await Network.start(t);
    const client = await connect(t, {
      ...network.clientOptions,
      activityTimeout: 200,
      pongTimeout: 200,
    });
    const before = client.connection.socket_id;
    network.freeze();
    await client.news.next('connected');
    assert.notEqual(client.connection.socket_id, before);
  });

  it('is restored with its subscriptions after the network failed', async (t) => {
    const network = await Network.start(t);
    const client = await connect(t, network.clientOptions);
    const before = client.connection.socket_id;
    const news = await subscribe(client, unique('news'));
    network.cut();
    await client.news.next('connected');
    assert.notEqual(client.connection.socket_id, before);
    await news.next('pusher:subscription_succeeded');
    await serverSdk().trigger(news.channel.name, 'headline', 'We are back');
    assert.equal(await news.next('headline'), 'We are back');
  });

  it('can be closed and opened again by the application', async (t) => {
    const client = await connect(t);
    const news = await subscribe(client, unique('news'));
    client.disconnect();
    await client.news.next('disconnected');
    client.connect();
    await client.news.next('connected');
    await news.next('pusher:subscription_succeeded');
    await serverSdk().trigger(news.channel.name, 'headline', 'Hello again');
    assert.equal(await news.next('headline'), 'Hello again');
  });

  it('is closed by the server as soon as the client closes it', async (t) => {
    const network = await Network.start(t);
    const client = await connect(t, network.clientOptions);
    client.disconnect(); // pusher-js waits for the server's close frame before it closes the connection
    await network.news.next('closed');
  });

  it('survives an event that is not part of the protocol', async (t) => {
    const client = await connect(t);
    client.send_event('pusher:applause', {});
    const { data } = await client.news.next('error');
    assert.equal(data.message, "Unsupported event received on socket: 'pusher:applause'");
    await subscribe(client, unique('news'));
  });
});

async function lostAndFound(t) {
  const network = await Network.start(t);
  const client = await connect(t, network.clientOptions);
  network.cut();
  await client.news.next('connected');
}
