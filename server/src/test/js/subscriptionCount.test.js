import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { Application } from './support/application.js';
import { connect, serverSdk } from './support/clients.js';
import { subscribe } from './support/inbox.js';
import { unique } from './support/server.js';

const COUNT = 'pusher:subscription_count';

describe('The number of subscriptions', { concurrency: true }, () => {
  for (const kind of ['news', 'cache-news', 'private-news', 'private-cache-news']) {
    it(`is sent to all subscribers of a channel like ${kind} with every change`, async (t) => {
      const channel = unique(kind);
      const first = await join(t, channel);
      await first.next(COUNT, isNow(1));
      const second = await join(t, channel);
      await first.next(COUNT, isNow(2));
      await second.next(COUNT, isNow(2));
      assert.equal(first.channel.subscriptionCount, 2);

      second.client.unsubscribe(channel);
      await first.next(COUNT, isNow(1));
      const third = await join(t, channel);
      await first.next(COUNT, isNow(2));
      third.client.disconnect();
      await first.next(COUNT, isNow(1));
      assert.equal(first.channel.subscriptionCount, 1);
    });
  }

  it('follows the success of the subscription', async (t) => {
    const news = await join(t, unique('news'));
    await news.next(COUNT);
    assert.deepEqual(news.history, ['pusher:subscription_succeeded', COUNT]);
  });

  it('is not sent on presence channels, where the members are known', async (t) => {
    const first = await join(t, unique('presence-news'));
    await join(t, first.channel.name);
    await serverSdk().trigger(first.channel.name, 'marker', {});
    await first.next('marker');
    assert.deepEqual(first.all(COUNT), []);
  });
});

async function join(t, channel) {
  const application = await Application.start(t);
  const client = await connect(t, application.clientOptions(unique('user')));
  return Object.assign(await subscribe(client, channel), { client });
}

function isNow(count) {
  return ({ subscription_count }) => subscription_count === count;
}
