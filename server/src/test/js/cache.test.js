import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { Application } from './support/application.js';
import { connect, serverSdk } from './support/clients.js';
import { subscribe, trySubscribe } from './support/inbox.js';
import { unique } from './support/server.js';

const sdk = serverSdk();

for (const kind of ['cache', 'private-cache', 'presence-cache']) {
  describe(`A ${kind} channel`, { concurrency: true }, () => {
    it('sends a new subscriber the last event right after the success', async (t) => {
      const name = unique(`${kind}-car`);
      await sdk.trigger(name, 'position', { km: 1 });
      await sdk.trigger(name, 'speed', { kmh: 120 });
      const car = await follow(t, name);
      assert.deepEqual(await car.next('speed'), { kmh: 120 });
      assert.deepEqual(storyOf(car), ['pusher:subscription_succeeded', 'speed']);
    });

    it('sends a cache miss when there is no event yet', async (t) => {
      const car = await follow(t, unique(`${kind}-car`));
      await car.next('pusher:cache_miss');
      await sdk.trigger(car.channel.name, 'position', { km: 1 });
      await car.next('position');
      assert.deepEqual(storyOf(car), [
        'pusher:subscription_succeeded',
        'pusher:cache_miss',
        'position',
      ]);
    });

    it('sends existing subscribers nothing twice', async (t) => {
      const early = await follow(t, unique(`${kind}-car`));
      await sdk.trigger(early.channel.name, 'position', { km: 1 });
      const late = await follow(t, early.channel.name);
      await late.next('position');
      await sdk.trigger(early.channel.name, 'marker', {});
      await early.next('marker');
      assert.deepEqual(early.names, ['position', 'marker']);
      assert.equal(early.all('pusher:cache_miss').length, 1);
    });
  });
}

describe('The cache', { concurrency: true }, () => {
  it('survives the last subscriber', async (t) => {
    const first = await follow(t, unique('cache-car'));
    await sdk.trigger(first.channel.name, 'position', { km: 1 });
    await first.next('position');
    first.client.unsubscribe(first.channel.name);
    await subscribe(first.client, unique('news')); // by now the server has seen the unsubscribing
    const second = await follow(t, first.channel.name);
    assert.deepEqual(await second.next('position'), { km: 1 });
  });

  it('does not keep client events', async (t) => {
    const driver = await follow(t, unique('private-cache-car'));
    const owner = await follow(t, driver.channel.name);
    await sdk.trigger(driver.channel.name, 'position', { km: 1 });
    driver.channel.trigger('client-horn', {});
    await owner.next('client-horn');
    const late = await follow(t, driver.channel.name);
    assert.deepEqual(await late.next('position'), { km: 1 });
    assert.deepEqual(late.names, ['position']);
  });

  it('keeps only the last event of a batch', async (t) => {
    const channel = unique('cache-car');
    const batch = [1, 2, 3].map((km) => ({ channel, name: 'position', data: { km } }));
    await sdk.triggerBatch(batch);
    const late = await follow(t, channel);
    assert.deepEqual(await late.next('position'), { km: 3 });
  });

  it('of a private channel is closed to clients without a signature', async (t) => {
    const customHandler = (_, callback) => callback(null, { auth: '' });
    const mallory = await connect(t, { channelAuthorization: { customHandler } });
    const name = unique('private-cache-car');
    await sdk.trigger(name, 'position', { km: 1 });
    const car = trySubscribe(mallory, name);
    assert.equal((await car.next('pusher:subscription_error')).status, 401);
    await subscribe(mallory, unique('news'));
    assert.deepEqual(car.names, []);
  });
});

async function follow(t, channel) {
  const application = await Application.start(t);
  const client = await connect(t, application.clientOptions(unique('user')));
  return Object.assign(await subscribe(client, channel), { client });
}

/** What came on the channel, except news about other subscribers. */
function storyOf({ history }) {
  return history.filter((name) => !/subscription_count|member_/.test(name));
}
