import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { Application } from './support/application.js';
import { launchBrowser, openPage, pageWith } from './support/browser.js';
import { address, connect, serverSdk } from './support/clients.js';
import { subscribe } from './support/inbox.js';
import { app, server, unique } from './support/server.js';

const LONG = 'Grüße ✓ 世界 🎉 '.repeat(100);

const sdk = serverSdk();

describe('With compression, which browsers offer and pusher-js in Node does not', () => {
  let browser;
  before(async () => (browser = await launchBrowser()));
  after(() => browser?.close());

  it('a page and the server agree on it', async (t) => {
    const { remote } = await signedOn(t, browser, 'alice');
    assert.equal(
      await remote.extensions(`ws://${server.host}:${server.port}/app/${app.key}?protocol=7`),
      'permessage-deflate; server_no_context_takeover; client_no_context_takeover',
    );
  });

  it('a page and a client in Node get the same events, long and short', async (t) => {
    const letters = unique('private-letters');
    const application = await Application.start(t);
    const [{ remote }, client] = await Promise.all([
      signedOn(t, browser, 'alice'),
      connect(t, application.clientOptions('bob')),
    ]);
    await remote.subscribe(letters);
    const inbox = await subscribe(client, letters);
    for (const text of [LONG, 'short', `${LONG}!`]) {
      await sdk.trigger(letters, 'letter', { text });
      assert.deepEqual(await remote.next(letters, 'letter'), { text });
      assert.deepEqual(await inbox.next('letter'), { text });
    }
  });

  it('pages talk to each other and to a client in Node', async (t) => {
    const room = unique('private-room');
    const application = await Application.start(t);
    const [alice, bob, client] = await Promise.all([
      signedOn(t, browser, 'alice'),
      signedOn(t, browser, 'bob'),
      connect(t, application.clientOptions('carol')),
    ]);
    await alice.remote.subscribe(room);
    await bob.remote.subscribe(room);
    const inbox = await subscribe(client, room);
    for (const text of [LONG, 'short']) {
      await alice.remote.trigger(room, 'client-wave', { text });
      assert.deepEqual(await bob.remote.next(room, 'client-wave'), { text });
      assert.deepEqual(await inbox.next('client-wave'), { text });
    }
    client.channel(room).trigger('client-wave', { text: LONG });
    assert.deepEqual(await alice.remote.next(room, 'client-wave'), { text: LONG });
  });
});

/** A page of an application whose user is connected to the server. */
async function signedOn(t, browser, user) {
  const application = await Application.start(t, { files: pageWith('pusher-js/dist/web/pusher.js') });
  const page = await openPage(t, browser, application);
  await page.remote.connect(app.key, { ...address, ...application.clientOptions(user) });
  return page;
}
