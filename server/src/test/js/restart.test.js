import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { describe, it } from 'node:test';
import Echo from 'laravel-echo';
import Pusher from 'pusher-js';
import { address, serverSdk, startClient } from './support/clients.js';
import { Inbox, subscribe } from './support/inbox.js';
import { app, unique } from './support/server.js';

/** The server keeps the events of all channels in memory, and restarts when it is asked to. */
describe('A restart of the server', () => {
  const sdk = serverSdk();

  it('loses and repeats nothing for clients with a tag', async (t) => {
    const name = unique('orders');
    const client = startClient(t, {}, `${app.key}/~${randomUUID()}`);
    const orders = await subscribe(client, name);
    const echo = new Echo({
      broadcaster: 'pusher',
      Pusher,
      ...address,
      key: `${app.key}/~${randomUUID()}`,
    });
    t.after(() => echo.disconnect());
    const inbox = new Inbox(`orders of Laravel Echo`);
    echo.channel(name).subscribed(inbox.as('subscribed')).listen('.shipped', inbox.as('shipped'));
    await inbox.next('subscribed');
    const both = async (id) => {
      await sdk.trigger(name, 'shipped', { id });
      assert.deepEqual(await orders.next('shipped'), { id });
      assert.deepEqual(await inbox.next('shipped'), { id });
    };
    await both(1);
    await fetch(process.env.FANFARE_TEST_RESTART_URL);
    await both(2);
    await orders.next('pusher:subscription_succeeded');
    await inbox.next('subscribed');
    await both(3);
    for (const received of [orders, inbox]) {
      assert.deepEqual(received.all('shipped'), [{ id: 1 }, { id: 2 }, { id: 3 }]);
    }
  });
});
