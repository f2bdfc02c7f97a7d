import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { describe, it } from 'node:test';
import { Application } from './support/application.js';
import { connect, serverSdk } from './support/clients.js';
import { subscribe } from './support/inbox.js';
import { unique } from './support/server.js';

describe('An encrypted channel', { concurrency: true }, () => {
  it('shows its subscribers the plain event, and the server only ciphertext', async (t) => {
    const sdk = encryptingSdk();
    const letters = await openWith(sdk, t, unique('private-encrypted-letters'));
    const secret = { text: 'Grüße aus dem Urlaub' };
    await sdk.trigger(letters.channel.name, 'letter', secret);
    assert.deepEqual(await letters.next('letter'), secret);

    const onTheWire = await letters.client.news.next('message', isEvent('letter'));
    assert.deepEqual(Object.keys(onTheWire.data).sort(), ['ciphertext', 'nonce']);
    assert.doesNotMatch(JSON.stringify(onTheWire), /Urlaub/);
  });

  it('is decrypted with a new key after the application changed its master key', async (t) => {
    const [before, after] = [encryptingSdk(), encryptingSdk()];
    const letters = await openWith(before, t, unique('private-encrypted-letters'));
    letters.application.sdk = after;
    await after.trigger(letters.channel.name, 'letter', 'New key');
    assert.equal(await letters.next('letter'), 'New key');
    assert.equal(letters.application.requests.length, 2);
  });

  it('can be part of a batch', async (t) => {
    const sdk = encryptingSdk();
    const letters = await openWith(sdk, t, unique('private-encrypted-letters'));
    const notes = await openWith(sdk, t, unique('private-encrypted-notes'));
    await sdk.triggerBatch([
      { channel: letters.channel.name, name: 'letter', data: 'Dear Alice' },
      { channel: notes.channel.name, name: 'note', data: 'Buy milk' },
    ]);
    assert.equal(await letters.next('letter'), 'Dear Alice');
    assert.equal(await notes.next('note'), 'Buy milk');
  });

  it('gets no subscription count, which clients would try to decrypt', async (t) => {
    const sdk = encryptingSdk();
    const first = await openWith(sdk, t, unique('private-encrypted-letters'));
    await openWith(sdk, t, first.channel.name);
    await sdk.trigger(first.channel.name, 'marker', {});
    await first.next('marker');
    assert.deepEqual(first.history, ['pusher:subscription_succeeded', 'marker']);
  });

  it('refuses client events, which cannot be encrypted', async (t) => {
    const sdk = encryptingSdk();
    const alice = await openWith(sdk, t, unique('private-encrypted-letters'));
    const bob = await openWith(sdk, t, alice.channel.name);
    alice.client.send_event('client-letter', { text: 'plain' }, alice.channel.name);
    await alice.client.news.next('error');
    await sdk.trigger(bob.channel.name, 'marker', {});
    await bob.client.news.next('message', isEvent('marker'));
    assert.deepEqual(bob.client.news.all('message').filter(isEvent('client-letter')), []);
  });
});

describe('An encrypted cache channel', { concurrency: true }, () => {
  it('gives a late subscriber the last event, decrypted', async (t) => {
    const sdk = encryptingSdk();
    const name = unique('private-encrypted-cache-letters');
    await sdk.trigger(name, 'letter', { text: 'Read me later' });
    const letters = await openWith(sdk, t, name);
    assert.deepEqual(await letters.next('letter'), { text: 'Read me later' });
  });

  it('sends a cache miss when there is no event yet', async (t) => {
    const name = unique('private-encrypted-cache-letters');
    const letters = await openWith(encryptingSdk(), t, name);
    await letters.next('pusher:cache_miss');
  });
});

function encryptingSdk() {
  return serverSdk({ encryptionMasterKeyBase64: randomBytes(32).toString('base64') });
}

async function openWith(sdk, t, channel) {
  const application = await Application.start(t, { sdk });
  const client = await connect(t, application.clientOptions('alice'));
  return Object.assign(await subscribe(client, channel), { client, application });
}

function isEvent(name) {
  return ({ event }) => event === name;
}
