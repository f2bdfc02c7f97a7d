import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { describe, it } from 'node:test';
import Echo from 'laravel-echo';
import Pusher from 'pusher-js';
import { address, bodyOf, serverSdk, startClient } from './support/clients.js';
import { Inbox, subscribe } from './support/inbox.js';
import { app, unique } from './support/server.js';

/** Two nodes keep the events of all channels together. Clients are connected to the first one. */
describe('A node that is killed', () => {
  const other = serverSdk({ port: Number(process.env.FANFARE_TEST_OTHER_PORT) });

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
    const publish = async (id) => {
      const answer = await bodyOf(other.trigger(name, 'shipped', { id }, { info: 'id' }));
      return answer.channels[name].id;
    };
    const bothGet = async (id) => {
      assert.deepEqual(await orders.next('shipped'), { id });
      assert.deepEqual(await inbox.next('shipped'), { id });
    };
    const first = await publish(1);
    await bothGet(1);
    await control(`kill?${first}`);
    await publish(2);
    await publish(3);
    await control('move');
    await bothGet(2);
    await bothGet(3);
    await publish(4);
    await bothGet(4);
    for (const received of [orders, inbox]) {
      assert.deepEqual(received.all('shipped'), [{ id: 1 }, { id: 2 }, { id: 3 }, { id: 4 }]);
    }
  });
});

async function control(command) {
  const answer = await fetch(`${process.env.FANFARE_TEST_CONTROL_URL}/${command}`);
  assert.equal(answer.status, 204);
}
