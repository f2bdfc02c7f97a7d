import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { randomBytes } from 'node:crypto';
import Echo from 'laravel-echo';
import Pusher from 'pusher-js';
import { Application } from './support/application.js';
import { address, serverSdk } from './support/clients.js';
import { Inbox } from './support/inbox.js';
import { app, unique } from './support/server.js';

const sdk = serverSdk();

for (const broadcaster of ['pusher', 'reverb']) {
  describe(`Laravel Echo with the broadcaster ${broadcaster}`, { concurrency: true }, () => {
    it('listens to events of the namespace App\\Events and to others', async (t) => {
      const { echo } = await openEcho(t, broadcaster);
      const orders = unique('orders');
      const inbox = new Inbox(`orders of ${orders}`);
      const channel = echo
        .channel(orders)
        .subscribed(inbox.as('subscribed'))
        .listen('OrderShipped', inbox.as('shipped'))
        .listen('.order.paid', inbox.as('paid'))
        .listenToAll((event, data) => inbox.as('any')({ event, data }));
      await inbox.next('subscribed');
      await sdk.trigger(orders, 'App\\Events\\OrderShipped', { order: { id: 1 } });
      await sdk.trigger(orders, 'order.paid', { order: { id: 2 } });
      assert.deepEqual(await inbox.next('shipped'), { order: { id: 1 } });
      assert.deepEqual(await inbox.next('paid'), { order: { id: 2 } });
      await inbox.next('any', ({ event }) => event === 'OrderShipped');
      await inbox.next('any', ({ event }) => event === '.order.paid');

      channel.stopListening('OrderShipped').listen('OrderLost', inbox.as('lost'));
      await sdk.trigger(orders, 'App\\Events\\OrderShipped', { order: { id: 3 } });
      await sdk.trigger(orders, 'App\\Events\\OrderLost', { order: { id: 3 } });
      await inbox.next('lost');
      assert.equal(inbox.all('shipped').length, 1);
    });

    it('joins private channels with the token of the user', async (t) => {
      const { echo, application } = await openEcho(t, broadcaster, { user: 'alice' });
      const orders = await joinPrivate(echo, unique('orders'));
      await sdk.trigger(`private-${orders.name}`, 'App\\Events\\OrderShipped', { id: 1 });
      assert.deepEqual(await orders.inbox.next('shipped'), { id: 1 });
      assert.equal(application.requests[0].user, 'alice');
    });

    it('gets an error when the application refuses a private channel', async (t) => {
      const { echo } = await openEcho(t, broadcaster, { allows: () => false });
      const inbox = new Inbox('a refused channel');
      echo.private(unique('orders')).error(inbox.as('error'));
      assert.equal((await inbox.next('error')).status, 403);
    });

    it('whispers to the others on a private channel', async (t) => {
      const [alice, bob] = await openEchos(t, broadcaster, 'alice', 'bob');
      const chat = unique('chat');
      const [here, there] = [
        await joinPrivate(alice.echo, chat),
        await joinPrivate(bob.echo, chat),
      ];
      here.channel.listenForWhisper('typing', here.inbox.as('whisper'));
      there.channel.listenForWhisper('typing', there.inbox.as('whisper'));
      here.channel.whisper('typing', { name: 'Alice' });
      assert.deepEqual(await there.inbox.next('whisper'), { name: 'Alice' });
      there.channel.whisper('typing', { name: 'Bob' });
      assert.deepEqual(await here.inbox.next('whisper'), { name: 'Bob' });
      assert.equal(here.inbox.all('whisper').length, 1);
    });

    it('gets the notifications of a user', async (t) => {
      const { echo } = await openEcho(t, broadcaster, { user: 'alice' });
      const user = await joinPrivate(echo, unique('App.Models.User.1'));
      user.channel.notification(user.inbox.as('notification'));
      const notification = {
        id: 'a3f1',
        type: 'App\\Notifications\\InvoicePaid',
        invoice: { amount: '12,50 €' },
      };
      const event = 'Illuminate\\Notifications\\Events\\BroadcastNotificationCreated';
      await sdk.trigger(`private-${user.name}`, event, notification);
      assert.deepEqual(await user.inbox.next('notification'), notification);
    });

    it('sees on a presence channel who is here, who joins, whispers and leaves', async (t) => {
      const [alice, bob] = await openEchos(t, broadcaster, 'alice', 'bob');
      const room = unique('room');
      const [here, there] = [new Inbox("Alice's room"), new Inbox("Bob's room")];
      join(alice.echo, room, here);
      assert.deepEqual(await here.next('here'), [{ name: 'The one called alice' }]);

      const channel = join(bob.echo, room, there);
      const names = (await there.next('here')).map(({ name }) => name);
      assert.deepEqual(names.sort(), ['The one called alice', 'The one called bob']);
      assert.deepEqual(await here.next('joining'), { name: 'The one called bob' });

      channel.whisper('wave', { times: 3 });
      assert.deepEqual(await here.next('wave'), { times: 3 });
      await sdk.trigger(`presence-${room}`, 'App\\Events\\Announced', { text: 'Lunch' });
      assert.deepEqual(await here.next('announced'), { text: 'Lunch' });

      bob.echo.leave(room);
      assert.deepEqual(await here.next('leaving'), { name: 'The one called bob' });
      assert.deepEqual(there.all('joining'), []);
    });

    it('leaves a channel in all its forms', async (t) => {
      const [alice, bob] = await openEchos(t, broadcaster, 'alice', 'bob');
      const name = unique('orders');
      const stays = await joinPrivate(bob.echo, name);
      const left = await joinPrivate(alice.echo, name);
      const room = new Inbox("Bob's room");
      join(bob.echo, name, room);
      await room.next('here');
      join(alice.echo, name, left.inbox);
      await left.inbox.next('here');
      await room.next('joining');

      alice.echo.leave(name);
      await room.next('leaving'); // presence is left last, so the private channel is left as well
      await sdk.trigger(`private-${name}`, 'App\\Events\\OrderShipped', { id: 1 });
      await stays.inbox.next('shipped');
      const params = { info: 'subscription_count' };
      const answer = await sdk.get({ path: `/channels/private-${name}`, params });
      assert.equal((await answer.json()).subscription_count, 1);
    });

    it('does not get its own events when the application broadcasts to others', async (t) => {
      const [alice, bob] = await openEchos(t, broadcaster, 'alice', 'bob');
      const name = unique('orders');
      const [mine, yours] = [
        await joinPrivate(alice.echo, name),
        await joinPrivate(bob.echo, name),
      ];
      const toOthers = { socket_id: alice.echo.socketId() };
      await sdk.trigger(`private-${name}`, 'App\\Events\\OrderShipped', { id: 1 }, toOthers);
      await sdk.trigger(`private-${name}`, 'App\\Events\\OrderShipped', { id: 2 });
      assert.deepEqual(await yours.inbox.next('shipped'), { id: 1 });
      assert.deepEqual(await mine.inbox.next('shipped'), { id: 2 });
    });

    it('decrypts encrypted private channels', async (t) => {
      const encryptionMasterKeyBase64 = randomBytes(32).toString('base64');
      const encryptingSdk = serverSdk({ encryptionMasterKeyBase64 });
      const { echo } = await openEcho(t, broadcaster, { sdk: encryptingSdk });
      const [name, inbox] = [unique('orders'), new Inbox('encrypted orders')];
      echo
        .encryptedPrivate(name)
        .subscribed(inbox.as('subscribed'))
        .listen('OrderShipped', inbox.as('shipped'));
      await inbox.next('subscribed');
      await encryptingSdk.trigger(`private-encrypted-${name}`, 'App\\Events\\OrderShipped', {
        id: 1,
      });
      assert.deepEqual(await inbox.next('shipped'), { id: 1 });
    });

    it('knows the state of its connection', async (t) => {
      const { echo } = await openEcho(t, broadcaster);
      const status = new Inbox('the status');
      echo.connector.onConnectionChange((current) => status.as(current)());
      if (echo.connectionStatus() !== 'connected') {
        await status.next('connected');
      }
      assert.match(echo.socketId(), /^\d+\.\d+$/);
      echo.disconnect();
      assert.equal(echo.connectionStatus(), 'disconnected');
    });
  });
}

function openEchos(t, broadcaster, ...users) {
  return Promise.all(users.map((user) => openEcho(t, broadcaster, { user })));
}

/** An Echo as a Laravel page makes it, and the application that it belongs to. */
async function openEcho(t, broadcaster, { user = 'alice', ...applicationOptions } = {}) {
  const application = await Application.start(t, applicationOptions);
  const { endpoint, headers } = application.clientOptions(user).channelAuthorization;
  const echo = new Echo({
    ...address,
    broadcaster,
    Pusher,
    key: app.key,
    authEndpoint: endpoint,
    auth: { headers },
  });
  t.after(() => echo.disconnect());
  return { echo, application };
}

async function joinPrivate(echo, name) {
  const inbox = new Inbox(`private channel ${name}`);
  const channel = echo
    .private(name)
    .subscribed(inbox.as('subscribed'))
    .listen('OrderShipped', inbox.as('shipped'));
  await inbox.next('subscribed');
  return { name, channel, inbox };
}

function join(echo, room, inbox) {
  return echo
    .join(room)
    .here(inbox.as('here'))
    .joining(inbox.as('joining'))
    .leaving(inbox.as('leaving'))
    .listen('Announced', inbox.as('announced'))
    .listenForWhisper('wave', inbox.as('wave'));
}
