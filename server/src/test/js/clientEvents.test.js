import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { Application } from './support/application.js';
import { connect, serverSdk } from './support/clients.js';
import { Inbox, subscribe } from './support/inbox.js';
import { server, unique } from './support/server.js';

const EVENTS_PER_SECOND = 10;

describe('A client event', { concurrency: true }, () => {
  it('reaches the other subscribers of a private channel and not its sender', async (t) => {
    const [alice, bob] = await meet(t, unique('private-chat'));
    alice.channel.trigger('client-typing', { for: 'a while' });
    assert.deepEqual(await bob.next('client-typing'), { for: 'a while' });
    bob.channel.trigger('client-marker', {});
    await alice.next('client-marker');
    assert.deepEqual(alice.names, ['client-marker']);
  });

  it('names its sender on a presence channel, and only there', async (t) => {
    for (const [kind, sender] of [
      ['presence', { user_id: 'alice' }],
      ['private', undefined],
    ]) {
      const [alice, bob] = await meet(t, unique(`${kind}-chat`));
      const inbox = new Inbox(`bob's binding to ${bob.channel.name}`);
      bob.channel.bind('client-typing', inbox.as('client-typing'));
      alice.channel.trigger('client-typing', { user_id: 'mallory' });
      const { metadata } = await inbox.take('client-typing');
      assert.deepEqual(metadata?.user_id, sender?.user_id);
    }
  });

  it('reaches the other connections of the user who sent it', async (t) => {
    const [phone, laptop] = await meet(t, unique('presence-chat'), ['alice', 'alice']);
    phone.channel.trigger('client-read', { message: 7 });
    assert.deepEqual(await laptop.next('client-read'), { message: 7 });
  });

  it('keeps the shape of its data', async (t) => {
    const [alice, bob] = await meet(t, unique('private-chat'));
    for (const shape of [{ a: { b: [1, null] } }, ['Grüße', '世界 🎉'], 'a sentence', 42, false]) {
      alice.channel.trigger('client-shape', shape);
      assert.deepEqual(await bob.next('client-shape'), shape);
    }
  });

  it('is refused on a public channel', async (t) => {
    const [alice, bob] = await meet(t, unique('chat'));
    alice.channel.trigger('client-typing', {});
    await refusal(alice);
    await serverSdk().trigger(bob.channel.name, 'marker', {});
    await bob.next('marker');
    assert.deepEqual(bob.names, ['marker']);
  });

  it('is refused on a channel that the sender is not subscribed to', async (t) => {
    const [bob] = await meet(t, unique('private-chat'), ['bob']);
    const { name } = bob.channel;
    const mallory = await connect(t);
    mallory.send_event('client-typing', {}, name);
    assert.equal(
      (await refusal({ client: mallory })).message,
      `Cannot broadcast client event (connection not subscribed to channel ${name})`,
    );
    await serverSdk().trigger(name, 'marker', {});
    await bob.next('marker');
    assert.deepEqual(bob.names, ['marker']);
  });

  it('is refused when it is larger than 10 kB', async (t) => {
    const [alice, bob] = await meet(t, unique('private-chat'));
    alice.channel.trigger('client-large', 'x'.repeat(10_241));
    await refusal(alice);
    alice.channel.trigger('client-marker', {});
    await bob.next('client-marker');
    assert.deepEqual(bob.names, ['client-marker']);
  });

  const { transport } = server;

  it('is dropped with 4301 above ten per second', { skip: transport }, async (t) => {
    // over HTTP, a burst takes longer than a second
    const [alice, bob] = await meet(t, unique('private-chat'));
    const fates = new Inbox('the fates of the events');
    bob.channel.bind('client-number', (number) => fates.as('fate')({ number }));
    alice.client.connection.bind('error', ({ data }) => fates.as('fate')({ refusal: data }));

    const sent = 5 * EVENTS_PER_SECOND;
    for (let number = 1; number <= sent; number++) {
      alice.channel.trigger('client-number', number);
    }
    for (let decided = 0; decided < sent; decided++) {
      await fates.next('fate');
    }

    const delivered = fates.all('fate').flatMap(({ number }) => number ?? []);
    const refusals = fates.all('fate').flatMap(({ refusal }) => refusal ?? []);
    const first = Array.from({ length: EVENTS_PER_SECOND }, (_, index) => index + 1);
    assert.deepEqual(delivered.slice(0, EVENTS_PER_SECOND), first);
    assert.ok(delivered.length <= 2 * EVENTS_PER_SECOND, `${delivered.length} were delivered`);
    for (const { code, message } of refusals) {
      assert.equal(code, 4301);
      assert.equal(
        message,
        'Client event rejected due to rate limit: 0 of 10 per second are left (max_client_events_per_second)',
      );
    }
    assert.equal(alice.client.connection.state, 'connected');
  });
});

async function meet(t, channel, users = ['alice', 'bob']) {
  const application = await Application.start(t);
  return Promise.all(
    users.map(async (user) => {
      const client = await connect(t, application.clientOptions(user));
      return Object.assign(await subscribe(client, channel), { client });
    }),
  );
}

async function refusal({ client }) {
  const { data } = await client.news.next('error');
  assert.equal(client.connection.state, 'connected');
  return data;
}
