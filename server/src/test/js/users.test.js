import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { Application } from './support/application.js';
import { connect, serverSdk } from './support/clients.js';
import { listen, subscribe } from './support/inbox.js';
import { Network } from './support/network.js';
import { server, unique } from './support/server.js';

const sdk = serverSdk();

describe('A user', { concurrency: true }, () => {
  it('signs in with the signature of the application', async (t) => {
    const alice = unique('alice');
    const client = await signIn(t, alice);
    assert.deepEqual(client.user.user_data, {
      id: alice,
      user_info: { name: `The one called ${alice}` },
    });
  });

  it('gets on all connections what the server sends to this user, and no other does', async (t) => {
    const [alice, bob] = [unique('alice'), unique('bob')];
    const [phone, laptop, other] = await signInAll(t, alice, alice, bob);
    await sdk.sendToUser(alice, 'letter', { text: 'Grüße' });
    assert.deepEqual(await phone.mail.next('letter'), { text: 'Grüße' });
    assert.deepEqual(await laptop.mail.next('letter'), { text: 'Grüße' });
    await sdk.sendToUser(bob, 'marker', {});
    await other.mail.next('marker');
    assert.deepEqual(other.mail.names, ['marker']);
  });

  it('is signed in again after the network failed', { skip: server.transport }, async (t) => {
    // over HTTP, a poll that begins later goes on
    const alice = unique('alice');
    const network = await Network.start(t);
    const client = await signIn(t, alice, {}, network.clientOptions);
    network.cut();
    await signedIn(client, alice);
    await sdk.sendToUser(alice, 'letter', 'We are back');
    assert.equal(await client.mail.next('letter'), 'We are back');
  });

  it('is not signed in when the application refuses', async (t) => {
    const application = await Application.start(t);
    const { endpoint } = application.clientOptions('alice').userAuthentication;
    const client = await connect(t, { userAuthentication: { endpoint } });
    const news = listen(client.user, 'the user');
    client.signin();
    assert.equal((await news.next('pusher:signin_error')).status, 403);
  });

  it('is not signed in by a forged signature, and the connection stays', async (t) => {
    const forger = serverSdk({ secret: 'guessed' });
    const customHandler = ({ socketId }, callback) =>
      callback(null, forger.authenticateUser(socketId, { id: unique('alice') }));
    const client = await connect(t, { userAuthentication: { customHandler } });
    client.signin();
    assert.equal((await client.news.next('error')).data.code, 4009);
    await subscribe(client, unique('news'));
    assert.equal(client.user.user_data, null);
  });

  it('cannot become another user on the same connection', async (t) => {
    const alice = unique('alice');
    const client = await signIn(t, alice);
    const bob = sdk.authenticateUser(client.connection.socket_id, { id: unique('bob') });
    client.send_event('pusher:signin', bob);
    assert.equal((await client.news.next('error')).data.code, 4009);
    await sdk.sendToUser(alice, 'letter', 'Still me');
    assert.equal(await client.mail.next('letter'), 'Still me');
  });

  it('cannot get the events of another user', async (t) => {
    const mallory = await signIn(t, unique('mallory'));
    const channel = `#server-to-user-${unique('alice')}`;
    mallory.send_event('pusher:subscribe', { channel, auth: '' });
    const { data } = await mallory.news.next(
      'message',
      (message) => message.event === 'pusher:subscription_error' && message.channel === channel,
    );
    assert.equal(data.type, 'AuthError');
    assert.equal(data.status, 401);
  });

  it('joins presence channels as the signed-in user', async (t) => {
    const alice = unique('alice');
    const client = await signIn(t, alice, { memberData: () => undefined });
    const { channel } = await subscribe(client, unique('presence-room'));
    assert.deepEqual(channel.members.me, {
      id: alice,
      info: { name: `The one called ${alice}` },
    });
  });

  it('can be disconnected by the server, with all signed-in connections', async (t) => {
    const [alice, bob] = [unique('alice'), unique('bob')];
    const room = unique('presence-room');
    const [phone, laptop, other] = await signInAll(t, alice, alice, bob);
    const visitor = await connect(t, (await Application.start(t)).clientOptions(alice));
    const presence = await subscribe(visitor, room); // known by presence only, not signed in

    await sdk.terminateUserConnections(alice);
    for (const thrownOut of [phone, laptop]) {
      await thrownOut.news.next('error', ({ data }) => data?.code === 4009);
      await thrownOut.news.next('disconnected');
    }
    await sdk.sendToUser(bob, 'letter', 'You may stay');
    assert.equal(await other.mail.next('letter'), 'You may stay');
    await sdk.trigger(room, 'announcement', 'You too');
    assert.equal(await presence.next('announcement'), 'You too');
  });
});

describe('A watchlist', { concurrency: true }, () => {
  it('reports at once who is online and who is not, and then every change', async (t) => {
    const [alice, bob, carol] = ['alice', 'bob', 'carol'].map(unique);
    const bobsClient = await signIn(t, bob);
    const { watchlist } = await watch(t, alice, [bob, carol]);
    await watchlist.next('online', about(bob));
    await watchlist.next('offline', about(carol));
    await signIn(t, carol);
    await watchlist.next('online', about(carol));
    bobsClient.disconnect();
    await watchlist.next('offline', about(bob));
    assert.equal(watchlist.all('online').filter(about(bob)).length, 1);
    assert.equal(watchlist.all('offline').filter(about(bob)).length, 1);
  });

  it('does not mention a second connection, nor a short absence', async (t) => {
    const [alice, bob, carol, dave] = ['alice', 'bob', 'carol', 'dave'].map(unique);
    const [phone, laptop, page, marker] = await signInAll(t, bob, bob, carol, dave);
    const { watchlist } = await watch(t, alice, [bob, carol, dave]);
    await watchlist.next('online', about(dave));
    laptop.disconnect();
    page.disconnect();
    marker.disconnect();
    page.connect();
    await watchlist.next('offline', about(dave));
    for (const user of [bob, carol]) {
      assert.equal(watchlist.all('online').filter(about(user)).length, 1);
      assert.equal(watchlist.all('offline').filter(about(user)).length, 0);
    }
    assert.equal(phone.connection.state, 'connected');
  });

  it('accepts a hundred users, and a longer list gets an error', async (t) => {
    const [alice, first] = [unique('alice'), unique('first')];
    const others = Array.from({ length: 100 }, () => unique('other'));
    const client = await watch(t, alice, [first, ...others]);
    const { data } = await client.news.next('error');
    assert.equal(data.code, 4302);
    await signIn(t, first);
    await client.watchlist.next('online', about(first));
  });
});

async function signInAll(t, ...users) {
  return Promise.all(users.map((user) => signIn(t, user)));
}

/** A client that has signed in, with the inboxes `mail` for its user and `watchlist`. */
async function signIn(t, user, applicationOptions = {}, clientOptions = {}) {
  const application = await Application.start(t, applicationOptions);
  const client = await connect(t, { ...application.clientOptions(user), ...clientOptions });
  client.mail = listen(client.user, `user ${user}`);
  client.watchlist = listen(client.user.watchlist, `the watchlist of ${user}`);
  client.signin();
  await signedIn(client, user);
  return client;
}

function watch(t, user, others) {
  return signIn(t, user, { watchlists: { [user]: others } });
}

/** Signing in is complete when pusher-js has also subscribed to the user's own channel. */
function signedIn(client, user) {
  return client.news.next(
    'message',
    ({ event, channel }) =>
      event === 'pusher_internal:subscription_succeeded' && channel === `#server-to-user-${user}`,
  );
}

function about(user) {
  return ({ user_ids }) => user_ids.includes(user);
}
