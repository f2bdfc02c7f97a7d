import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { connect, serverSdk } from './support/clients.js';
import { listen, subscribe, trySubscribe } from './support/inbox.js';
import { unique } from './support/server.js';

const sdk = serverSdk();

describe('A public channel', { concurrency: true }, () => {
  it('delivers every event to every subscriber and to no other client', async (t) => {
    const [one, two, elsewhere] = await Promise.all([connect(t), connect(t), connect(t)]);
    const channel = unique('news');
    const [first, second] = await Promise.all([subscribe(one, channel), subscribe(two, channel)]);
    const other = await subscribe(elsewhere, unique('weather'));
    await sdk.trigger(channel, 'headline', { title: 'Rain' });
    assert.deepEqual(await first.next('headline'), { title: 'Rain' });
    assert.deepEqual(await second.next('headline'), { title: 'Rain' });
    await sdk.trigger(other.channel.name, 'marker', {});
    await other.next('marker');
    assert.deepEqual(other.names, ['marker']);
  });

  it('keeps the shape of data', async (t) => {
    const news = await subscribe(await connect(t), unique('news'));
    const shapes = [
      { nested: { list: [1, 2.5, { deep: true }], nothing: null } },
      ['a', 1],
      'a plain sentence',
      '"quoted"',
      '12345678901234567890',
      'true',
      42,
      false,
      '',
    ];
    for (const shape of shapes) {
      await sdk.trigger(news.channel.name, 'shape', shape);
      const arrived = await news.next('shape');
      assert.deepEqual(arrived, asDecodedByPusherJs(shape));
    }
  });

  it('keeps every character of names and data', async (t) => {
    const news = await subscribe(await connect(t), unique('news'));
    const event = 'App\\Events\\Größe geändert: "läuft" / 完了 🎉';
    const data = { text: 'Grüße, мир, 世界, 👩‍👩‍👧 </script> \\ " \u0000 \u2028', 'ключ/é': '\t\n' };
    await sdk.trigger(news.channel.name, event, data);
    assert.deepEqual(await news.next(event), data);
  });

  it('delivers the largest allowed event', async (t) => {
    const news = await subscribe(await connect(t), unique('news'));
    const largest = 'x'.repeat(10_240);
    await sdk.trigger(news.channel.name, 'large', largest);
    assert.equal(await news.next('large'), largest);
  });

  it('keeps the order of events', async (t) => {
    const news = await subscribe(await connect(t), unique('news'));
    const numbers = Array.from({ length: 30 }, (_, index) => index);
    for (const number of numbers) {
      await sdk.trigger(news.channel.name, 'number', number);
    }
    await news.next('number', (number) => number === numbers.at(-1));
    assert.deepEqual(news.all('number'), numbers);
  });

  it('may use all characters that channel names can have', async (t) => {
    const client = await connect(t);
    const news = await subscribe(client, unique('News_2-=@,.;'));
    await sdk.trigger(news.channel.name, 'headline', 'Rain');
    assert.equal(await news.next('headline'), 'Rain');
  });

  it('is refused with other characters in its name', async (t) => {
    const client = await connect(t);
    const refused = trySubscribe(client, `${unique('news')}:!`);
    const { type, status } = await refused.next('pusher:subscription_error');
    assert.deepEqual({ type, status }, { type: 'InvalidChannel', status: 400 });
    await client.news.next('error');
    await subscribe(client, unique('news'));
  });

  it('is silent after unsubscribing', async (t) => {
    const client = await connect(t);
    const everything = listen(client, 'the client');
    const left = await subscribe(client, unique('news'));
    client.unsubscribe(left.channel.name);
    const stayed = await subscribe(client, unique('weather'));
    await sdk.trigger(left.channel.name, 'headline', 'Too late');
    await sdk.trigger(stayed.channel.name, 'marker', {});
    await everything.next('marker');
    assert.deepEqual(everything.names, ['marker']);
  });

  it('can be subscribed to again after leaving it', async (t) => {
    const client = await connect(t);
    const before = await subscribe(client, unique('news'));
    client.unsubscribe(before.channel.name);
    const after = await subscribe(client, before.channel.name);
    await sdk.trigger(after.channel.name, 'headline', 'Sun');
    assert.equal(await after.next('headline'), 'Sun');
    assert.deepEqual(before.names, []);
  });
});

/** The SDK sends strings as they are, and pusher-js reads as JSON whatever can be read so. */
function asDecodedByPusherJs(shape) {
  try {
    return typeof shape === 'string' ? JSON.parse(shape) : shape;
  } catch {
    return shape;
  }
}
