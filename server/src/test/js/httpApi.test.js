import assert from 'node:assert/strict';
import { Agent } from 'node:http';
import { describe, it } from 'node:test';
import { Application } from './support/application.js';
import { bodyOf, connect, serverSdk } from './support/clients.js';
import { subscribe } from './support/inbox.js';
import { Network } from './support/network.js';
import { app, unique } from './support/server.js';

const sdk = serverSdk();
const tooLarge = 'x'.repeat(10_241);

describe('Triggering an event', { concurrency: true }, () => {
  it('reaches all given channels', async (t) => {
    const client = await connect(t);
    const channels = [unique('news'), unique('news'), unique('news')];
    const inboxes = await Promise.all(channels.map((channel) => subscribe(client, channel)));
    assert.deepEqual(await bodyOf(sdk.trigger(channels, 'headline', { title: 'Rain' })), {});
    for (const inbox of inboxes) {
      assert.deepEqual(await inbox.next('headline'), { title: 'Rain' });
    }
  });

  it('excludes the connection that caused it', async (t) => {
    const [author, reader] = await Promise.all([connect(t), connect(t)]);
    const written = await subscribe(author, unique('news'));
    const read = await subscribe(reader, written.channel.name);
    const { name } = written.channel;
    await sdk.trigger(name, 'headline', 'Rain', { socket_id: author.connection.socket_id });
    assert.equal(await read.next('headline'), 'Rain');
    await sdk.trigger(name, 'marker', {});
    await written.next('marker');
    assert.deepEqual(written.names, ['marker']);
  });

  it('returns the requested user and subscription counts', async (t) => {
    const { room, news } = await meeting(t);
    const empty = unique('news');
    const info = 'user_count,subscription_count';
    const answer = await bodyOf(sdk.trigger([room, news, empty], 'event', {}, { info }));
    assert.deepEqual(answer, {
      channels: {
        [room]: { user_count: 2, subscription_count: 3 },
        [news]: { subscription_count: 3 },
        [empty]: { subscription_count: 0 },
      },
    });
  });

  it('works with all characters in names and data', async (t) => {
    const news = await subscribe(await connect(t), unique('news'));
    const data = { text: 'Grüße ✓ 世界 🎉 / \\ "', ключ: [1.0, 1e21, -0.5] };
    await sdk.trigger(news.channel.name, 'Ereignis „größer“', data);
    assert.deepEqual(await news.next('Ereignis „größer“'), data);
  });

  it('uses one TCP connection as often as the application likes', async (t) => {
    const news = await subscribe(await connect(t), unique('news'));
    const network = await Network.start(t);
    const agent = new Agent({ keepAlive: true, maxSockets: 1 });
    t.after(() => agent.destroy());
    const frugal = serverSdk({ host: '127.0.0.1', port: network.port, agent });
    const numbers = [1, 2, 3, 4, 5];
    for (const number of numbers) {
      await bodyOf(frugal.trigger(news.channel.name, 'number', number));
    }
    await news.next('number', (number) => number === 5);
    assert.deepEqual(news.all('number'), numbers);
    assert.equal(network.connections, 1);
  });
});

describe('Triggering a batch', { concurrency: true }, () => {
  it('delivers every event, in order', async (t) => {
    const client = await connect(t);
    const news = await subscribe(client, unique('news'));
    const weather = await subscribe(client, unique('weather'));
    const answer = await bodyOf(
      sdk.triggerBatch([
        { channel: news.channel.name, name: 'headline', data: { title: 'Grüße' } },
        { channel: weather.channel.name, name: 'forecast', data: 'Rain' },
        { channel: news.channel.name, name: 'correction', data: { title: 'Gruß' } },
      ]),
    );
    assert.deepEqual(answer, {});
    assert.equal(await weather.next('forecast'), 'Rain');
    assert.deepEqual(await news.next('correction'), { title: 'Gruß' });
    assert.deepEqual(await news.next('headline'), { title: 'Grüße' });
    assert.deepEqual(news.names, ['headline', 'correction']);
  });

  it('excludes for each event the connection that caused it', async (t) => {
    const client = await connect(t);
    const news = await subscribe(client, unique('news'));
    const channel = news.channel.name;
    await sdk.triggerBatch([
      { channel, name: 'mine', data: {}, socket_id: client.connection.socket_id },
      { channel, name: 'marker', data: {} },
    ]);
    await news.next('marker');
    assert.deepEqual(news.names, ['marker']);
  });

  it('returns the requested counts for each event', async (t) => {
    const { room, news } = await meeting(t);
    const answer = await bodyOf(
      sdk.triggerBatch([
        { channel: news, name: 'event', data: {}, info: 'subscription_count' },
        { channel: news, name: 'event', data: {} },
        { channel: room, name: 'event', data: {}, info: 'user_count' },
      ]),
    );
    assert.deepEqual(answer, { batch: [{ subscription_count: 3 }, {}, { user_count: 2 }] });
  });
});

describe('Asking about channels', { concurrency: true }, () => {
  it('lists those that are occupied', async (t) => {
    const { room, news } = await meeting(t);
    const { channels } = await ask('/channels');
    assert.deepEqual([channels[room], channels[news]], [{}, {}]);
  });

  it('lists those with a prefix, and the number of users', async (t) => {
    const { room } = await meeting(t);
    const filter = { filter_by_prefix: room, info: 'user_count' };
    assert.deepEqual(await ask('/channels', filter), { channels: { [room]: { user_count: 2 } } });
  });

  it('returns an empty list as an empty object', async () => {
    const filter = { filter_by_prefix: unique('empty') };
    assert.deepEqual(await ask('/channels', filter), { channels: {} });
  });

  it('describes one channel', async (t) => {
    const { room, news } = await meeting(t);
    const info = 'user_count,subscription_count';
    assert.deepEqual(await ask(`/channels/${room}`, { info }), {
      occupied: true,
      user_count: 2,
      subscription_count: 3,
    });
    assert.deepEqual(await ask(`/channels/${news}`, { info: 'subscription_count' }), {
      occupied: true,
      subscription_count: 3,
    });
    assert.deepEqual(await ask(`/channels/${unique('empty')}`), { occupied: false });
  });

  it('returns the cached event and its remaining lifetime', async () => {
    const channel = unique('cache-car');
    assert.deepEqual(await ask(`/channels/${channel}`, { info: 'cache' }), {
      occupied: false,
      cache: null,
    });
    await sdk.trigger(channel, 'position', { km: 1 });
    const { cache } = await ask(`/channels/${channel}`, { info: 'cache' });
    assert.equal(cache.data, '{"km":1}');
    assert.ok(cache.ttl > 0 && cache.ttl <= 1800, `ttl is ${cache.ttl}`);
  });

  it('lists the users of a presence channel once each', async (t) => {
    const { room } = await meeting(t);
    const { users } = await ask(`/channels/${room}/users`);
    assert.deepEqual(users.map(({ id }) => id).sort(), ['alice', 'bob']);
    assert.deepEqual(await ask(`/channels/${unique('presence-empty')}/users`), { users: [] });
  });

  it('works for names with every allowed character', async (t) => {
    const { room } = await meeting(t, 'presence-a,b;c=@d.e_F-1');
    assert.equal((await ask(`/channels/${room}`)).occupied, true);
    assert.equal((await ask(`/channels/${room}/users`)).users.length, 2);
    const filter = { filter_by_prefix: room };
    assert.deepEqual(await ask('/channels', filter), { channels: { [room]: {} } });
  });
});

describe('Terminating a user', () => {
  it('succeeds also when the user has no connection', async () => {
    assert.deepEqual(await bodyOf(sdk.terminateUserConnections(unique('empty'))), {});
  });
});

describe('A request is refused', { concurrency: true }, () => {
  const channel = unique('news');
  const event = { name: 'event', channels: [channel], data: '{}' };
  const post = (body) => sdk.post({ path: '/events', body });
  const requests = {
    'with 401 when signed with the wrong secret': [
      401,
      () => serverSdk({ secret: 'guessed' }).trigger(channel, 'event', {}),
      /^Invalid signature: you should have sent HmacSHA256Hex\("POST\\n/,
    ],
    'with 401 when the key is unknown': [
      401,
      () => serverSdk({ key: 'no-such-key' }).trigger(channel, 'event', {}),
      /^Unknown auth_key/,
    ],
    'with 404 when the app is unknown': [
      404,
      () => serverSdk({ appId: `${app.id}999` }).trigger(channel, 'event', {}),
    ],
    'with 413 when the data is too large': [413, () => sdk.trigger(channel, 'event', tooLarge)],
    'with 413 when data in a batch is too large': [
      413,
      () => sdk.triggerBatch([{ channel, name: 'event', data: tooLarge }]),
    ],
    'with 400 when the batch has more than ten events': [
      400,
      () => sdk.triggerBatch(Array.from({ length: 11 }, () => ({ channel, name: 'e', data: '' }))),
    ],
    'with 400 without event name': [400, () => post({ ...event, name: undefined })],
    'with 400 without data': [400, () => post({ ...event, data: undefined })],
    'with 400 without channel': [400, () => post({ ...event, channels: [] })],
    'with 400 for more than a hundred channels': [
      400,
      () => post({ ...event, channels: Array.from({ length: 101 }, () => unique('news')) }),
    ],
    'with 400 for a channel name that cannot be': [
      400,
      () => post({ ...event, channels: ['no spaces'] }),
    ],
    'with 400 for an event name of the protocol': [
      400,
      () => post({ ...event, name: 'pusher:error' }),
    ],
    'with 400 for a socket id that cannot be': [400, () => post({ ...event, socket_id: 'abc' })],
    'with 400 for numbers of users of all channels': [
      400,
      () => ask('/channels', { info: 'user_count' }),
    ],
    'with 400 for the number of users of a public channel': [
      400,
      () => ask(`/channels/${channel}`, { info: 'user_count' }),
    ],
    'with 400 for the cache of a channel without one': [
      400,
      () => ask(`/channels/${channel}`, { info: 'cache' }),
    ],
    'with 400 for information that does not exist': [
      400,
      () => ask(`/channels/${channel}`, { info: 'mood' }),
    ],
    'with 400 for the users of a public channel': [400, () => ask(`/channels/${channel}/users`)],
  };

  for (const [title, [status, request, text = /\w/]] of Object.entries(requests)) {
    it(title, async () => {
      await assert.rejects(request, (error) => {
        assert.equal(error.status, status);
        assert.match(error.body, text);
        return true;
      });
    });
  }
});

async function ask(path, params) {
  return bodyOf(sdk.get({ path, params }));
}

/** Alice with one connection and Bob with two, all in a presence and in a public channel. */
async function meeting(t, prefix = 'presence-room') {
  const application = await Application.start(t);
  const [room, news] = [unique(prefix), unique('news')];
  for (const user of ['alice', 'bob', 'bob']) {
    const client = await connect(t, application.clientOptions(user));
    await Promise.all([subscribe(client, room), subscribe(client, news)]);
  }
  return { room, news };
}
