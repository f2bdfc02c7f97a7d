import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { Application } from './support/application.js';
import { connect, serverSdk } from './support/clients.js';
import { subscribe, trySubscribe } from './support/inbox.js';
import { Network } from './support/network.js';
import { server, unique } from './support/server.js';

describe('A presence channel', { concurrency: true }, () => {
  it('shows the first member itself', async (t) => {
    const { channel } = await enter(t, 'alice', unique('presence-room'));
    assert.equal(channel.members.count, 1);
    assert.deepEqual(channel.members.me, {
      id: 'alice',
      info: { name: 'The one called alice' },
    });
  });

  it('notifies members of new members', async (t) => {
    const room = unique('presence-room');
    const alice = await enter(t, 'alice', room);
    const bob = await enter(t, 'bob', room);
    assert.deepEqual(await alice.next('pusher:member_added'), {
      id: 'bob',
      info: { name: 'The one called bob' },
    });
    assert.equal(alice.channel.members.count, 2);
    assert.deepEqual(idsOf(bob), ['alice', 'bob']);
    assert.equal(bob.channel.members.me.id, 'bob');
    assert.deepEqual(bob.all('pusher:member_added'), []);
  });

  it('notifies members of those who unsubscribe', async (t) => {
    const room = unique('presence-room');
    const alice = await enter(t, 'alice', room);
    const bob = await enter(t, 'bob', room);
    bob.client.unsubscribe(room);
    assert.equal((await alice.next('pusher:member_removed')).id, 'bob');
    assert.deepEqual(idsOf(alice), ['alice']);
    assert.equal(alice.channel.members.count, 1);
  });

  it('notifies members of those who disconnect', async (t) => {
    const room = unique('presence-room');
    const alice = await enter(t, 'alice', room);
    const bob = await enter(t, 'bob', room);
    bob.client.disconnect();
    assert.equal((await alice.next('pusher:member_removed')).id, 'bob');
  });

  it('counts a user with two connections once', async (t) => {
    const room = unique('presence-room');
    const alice = await enter(t, 'alice', room);
    const phone = await enter(t, 'bob', room);
    const laptop = await enter(t, 'bob', room);
    assert.deepEqual(idsOf(laptop), ['alice', 'bob']);
    assert.equal(laptop.channel.members.count, 2);

    phone.client.disconnect();
    laptop.client.unsubscribe(room);
    await alice.next('pusher:member_removed');
    await enter(t, 'carol', room);
    await alice.next('pusher:member_added', ({ id }) => id === 'carol');
    assert.deepEqual(memberIds(alice.all('pusher:member_added')), ['bob', 'carol']);
    assert.deepEqual(memberIds(alice.all('pusher:member_removed')), ['bob']);
    assert.equal(alice.channel.members.count, 2);
  });

  it('keeps the information from the first connection of a user', async (t) => {
    const room = unique('presence-room');
    const memberData = (status) => (user) => ({ user_id: user, user_info: { status } });
    await enter(t, 'bob', room, { memberData: memberData('busy') });
    await enter(t, 'bob', room, { memberData: memberData('idle') });
    const alice = await enter(t, 'alice', room);
    assert.deepEqual(alice.channel.members.get('bob').info, { status: 'busy' });
  });

  it('turns numeric ids into strings and missing information into an empty object', async (t) => {
    const room = unique('presence-room');
    const alice = await enter(t, 'alice', room);
    const guest = await enter(t, 'guest', room, { memberData: () => ({ user_id: 10 }) });
    assert.deepEqual(await alice.next('pusher:member_added'), { id: '10', info: {} });
    assert.deepEqual(guest.channel.members.get('10'), { id: '10', info: {} });
  });

  it('refuses information about a member that is no object', async (t) => {
    const memberData = (user) => ({ user_id: user, user_info: 'just a name' });
    const application = await Application.start(t, { memberData });
    const client = await connect(t, application.clientOptions('mallory'));
    const room = trySubscribe(client, unique('presence-room'));
    const { type, status } = await room.next('pusher:subscription_error');
    assert.deepEqual({ type, status }, { type: 'InvalidData', status: 400 });
    await client.news.next('error');
  });

  const { transport } = server;

  it('restores a member that lost its connection', { skip: transport }, async (t) => {
    // over HTTP, the member comes back before it has left
    const room = unique('presence-room');
    const alice = await enter(t, 'alice', room);
    const network = await Network.start(t);
    const bob = await enter(t, 'bob', room, {}, network.clientOptions);
    network.cut();
    assert.equal((await alice.next('pusher:member_removed')).id, 'bob');
    await bob.next('pusher:subscription_succeeded');
    await alice.next('pusher:member_added', () => alice.all('pusher:member_added').length === 2);
    assert.deepEqual(idsOf(alice), ['alice', 'bob']);
    assert.deepEqual(idsOf(bob), ['alice', 'bob']);
  });

  it('delivers events of the server like any other channel', async (t) => {
    const room = unique('presence-room');
    const alice = await enter(t, 'alice', room);
    await serverSdk().trigger(room, 'announcement', 'Lunch');
    assert.equal(await alice.next('announcement'), 'Lunch');
  });
});

async function enter(t, user, room, applicationOptions = {}, clientOptions = {}) {
  const application = await Application.start(t, applicationOptions);
  const client = await connect(t, { ...application.clientOptions(user), ...clientOptions });
  return Object.assign(await subscribe(client, room), { client });
}

function idsOf({ channel }) {
  return Object.keys(channel.members.members).sort();
}

function memberIds(members) {
  return members.map(({ id }) => id);
}
