import assert from 'node:assert/strict';
import { randomBytes, randomUUID } from 'node:crypto';
import net from 'node:net';
import { describe, it } from 'node:test';
import Echo from 'laravel-echo';
import Pusher from 'pusher-js';
import { Application } from './support/application.js';
import { address, bodyOf, connect, serverSdk } from './support/clients.js';
import { Inbox, subscribe } from './support/inbox.js';
import { app, unique } from './support/server.js';

/** The server keeps the events of all channels, and replays the last three. */
describe('A channel with history', { concurrency: true }, () => {
  const sdk = serverSdk();

  for (const kind of ['feed', 'private-feed', 'presence-feed']) {
    it(`replays the last events of a ${kind} channel, then sends live ones`, async (t) => {
      const name = unique(kind);
      for (const km of [1, 2, 3, 4]) {
        await sdk.trigger(name, 'position', { km });
      }
      const car = await follow(t, sdk, name);
      for (const km of [2, 3, 4]) {
        assert.deepEqual(await car.next('position'), { km });
      }
      await sdk.trigger(name, 'position', { km: 5 });
      assert.deepEqual(await car.next('position'), { km: 5 });
    });
  }

  it('replays events that it cannot read', async (t) => {
    const encrypting = serverSdk({
      encryptionMasterKeyBase64: randomBytes(32).toString('base64'),
    });
    const name = unique('private-encrypted-letters');
    await encrypting.trigger(name, 'letter', 'Dear Alice');
    const letters = await follow(t, encrypting, name);
    assert.equal(await letters.next('letter'), 'Dear Alice');
  });

  it('replays events to Laravel Echo', async (t) => {
    const orders = unique('orders');
    await sdk.trigger(orders, 'App\\Events\\OrderShipped', { id: 1 });
    const echo = new Echo({ broadcaster: 'pusher', Pusher, ...address, key: app.key });
    t.after(() => echo.disconnect());
    const inbox = new Inbox(`orders of ${orders}`);
    echo.channel(orders).listen('OrderShipped', inbox.as('shipped'));
    assert.deepEqual(await inbox.next('shipped'), { id: 1 });
  });

  it('gives a client that lost its connection what it missed', async (t) => {
    const line = await Line.to(t, address.wsPort);
    const name = unique('missed-feed');
    const client = new Pusher(`${app.key}/~${randomUUID()}`, { ...address, wsPort: line.port });
    t.after(() => client.disconnect());
    const car = await subscribe(client, name);
    await sdk.trigger(name, 'position', { km: 1 });
    assert.deepEqual(await car.next('position'), { km: 1 });
    line.cut();
    await sdk.trigger(name, 'position', { km: 2 });
    await sdk.trigger(name, 'position', { km: 3 });
    line.repair();
    await car.next('position', ({ km }) => km === 3);
    await sdk.trigger(name, 'position', { km: 4 });
    await car.next('position', ({ km }) => km === 4);
    // What the page had not confirmed comes again, so the first one may.
    const [first, ...others] = car.all('position').map(({ km }) => km);
    assert.equal(first, 1);
    assert.deepEqual(others[0] === 1 ? others.slice(1) : others, [2, 3, 4]);
  });

  it('is read with the server SDK', async () => {
    const channel = unique('feed');
    const published = await bodyOf(sdk.trigger(channel, 'scored', '1:0', { info: 'id' }));
    const { id } = published.channels[channel];
    await sdk.trigger(channel, 'scored', '1:1');
    const page = await bodyOf(
      sdk.get({ path: `/channels/${channel}/events`, params: { limit: 5, after: id } }),
    );
    assert.equal(page.events.length, 1);
    assert.equal(page.events[0].data, '1:1');
    assert.equal(page.complete, true);
    const info = await bodyOf(
      sdk.get({ path: `/channels/${channel}`, params: { info: 'history' } }),
    );
    assert.deepEqual(
      info.history.events.map((event) => event.data),
      ['1:1', '1:0'],
    );
  });

  it('is read page by page, and purged, with the server SDK', async () => {
    const channel = unique('feed');
    const path = `/channels/${channel}/events`;
    for (const data of ['a', 'b', 'c']) {
      await sdk.trigger(channel, 'letter', data);
    }
    const page = { limit: 2, direction: 'forwards' };
    const first = await bodyOf(sdk.get({ path, params: page }));
    const second = await bodyOf(sdk.get({ path, params: { ...page, after: first.next } }));
    assert.deepEqual(
      [first, second].map(({ events }) => events.map(({ data }) => data)),
      [['a', 'b'], ['c']],
    );
    assert.equal(second.next, undefined);
    assert.deepEqual(await bodyOf(sdk.post({ path: `${path}/purge`, body: {} })), { purged: 3 });
    assert.deepEqual((await bodyOf(sdk.get({ path }))).events, []);
  });

  it('gets an event once that the server SDK repeats', async (t) => {
    const car = await follow(t, sdk, unique('feed'));
    const { name } = car.channel;
    const params = { info: 'id', idempotency_key: randomUUID() };
    const first = await sdk.trigger(name, 'position', { km: 1 }, params);
    const again = await sdk.trigger(name, 'position', { km: 1 }, params);
    assert.equal(first.headers.get('X-Fanfare-Duplicate'), null);
    assert.equal(again.headers.get('X-Fanfare-Duplicate'), 'true');
    assert.deepEqual(await again.json(), await first.json());
    await assert.rejects(sdk.trigger(name, 'position', { km: 9 }, params), { status: 409 });
    const batch = [2, 3].map((km) => ({
      channel: name,
      name: 'position',
      data: { km },
      info: 'id',
      idempotency_key: randomUUID(),
    }));
    const { batch: ids } = await bodyOf(sdk.triggerBatch(batch));
    assert.deepEqual(await bodyOf(sdk.triggerBatch(batch)), { batch: ids });
    assert.match(ids[1].id, /^\d{13}-\d+$/);
    await sdk.trigger(name, 'position', { km: 4 });
    await car.next('position', ({ km }) => km === 4);
    assert.deepEqual(
      car.all('position').map(({ km }) => km),
      [1, 2, 3, 4],
    );
  });

  it('lists who joined and left, with the server SDK', async (t) => {
    const channel = unique('presence-room');
    const path = `/channels/${channel}/presence_events`;
    const params = { direction: 'forwards', limit: 2 };
    const application = await Application.start(t);
    const alice = await connect(t, application.clientOptions('alice'));
    const watcher = await subscribe(alice, channel);
    const bob = await connect(t, application.clientOptions('bob'));
    await subscribe(bob, channel);
    await watcher.next('pusher:member_added');
    bob.disconnect();
    await watcher.next('pusher:member_removed');
    const page = await bodyOf(sdk.get({ path, params }));
    assert.deepEqual(page.events.map(summary), [
      ['joined', 'alice', undefined],
      ['joined', 'bob', undefined],
    ]);
    assert.equal(page.complete, true);
    const rest = await bodyOf(sdk.get({ path, params: { ...params, after: page.next } }));
    assert.deepEqual(rest.events.map(summary), [['left', 'bob', 'closed']]);
    assert.equal(rest.next, undefined);
  });
});

/** Passes TCP connections on to the server, and can break them. */
class Line {
  #sockets = new Set();
  #isCut = false;

  static async to(t, port) {
    const line = new Line();
    const listener = net.createServer((near) => line.#connect(near, port));
    await new Promise((resolve) => listener.listen(0, '127.0.0.1', resolve));
    line.port = listener.address().port;
    t.after(() => {
      line.cut();
      listener.close();
    });
    return line;
  }

  #connect(near, port) {
    if (this.#isCut) {
      near.destroy();
      return;
    }
    const far = net.connect(port, '127.0.0.1');
    for (const [from, to] of [
      [near, far],
      [far, near],
    ]) {
      this.#sockets.add(from);
      from.on('error', () => {});
      from.on('close', () => to.destroy());
      from.pipe(to);
    }
  }

  cut() {
    this.#isCut = true;
    this.#sockets.forEach((socket) => socket.destroy());
    this.#sockets.clear();
  }

  repair() {
    this.#isCut = false;
  }
}

async function follow(t, sdk, channel) {
  const application = await Application.start(t);
  application.sdk = sdk;
  const client = await connect(t, application.clientOptions(unique('user')));
  return subscribe(client, channel);
}

function summary({ action, user_id: user, cause }) {
  return [action, user, cause];
}
