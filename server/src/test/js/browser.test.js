import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { after, before, describe, it } from 'node:test';
import { Application } from './support/application.js';
import { launchBrowser, openPage, pageWith } from './support/browser.js';
import { address, serverSdk } from './support/clients.js';
import { Network } from './support/network.js';
import { app, server, unique } from './support/server.js';

const PUSHER_JS = 'pusher-js/dist/web/pusher.js';
const PUSHER_JS_WITH_ENCRYPTION = 'pusher-js/dist/web/pusher-with-encryption.js';

const sdk = serverSdk();

describe('In a browser', { concurrency: true }, () => {
  let browser;
  before(async () => (browser = await launchBrowser()));
  after(() => browser?.close());

  const { transport } = server;

  it('a page connects over WebSocket and asks no other host', { skip: transport }, async (t) => {
    const page = await signedOn(t, browser, 'alice');
    assert.match(page.socketId, /^\d+\.\d+$/);
    // Pusher-js opens another socket, to the port of TLS, if the first one takes seconds, as on a
    // busy machine.
    assert.notEqual(page.sockets.length, 0);
    for (const socket of page.sockets) {
      const { protocol, host, pathname, searchParams } = new URL(socket);
      assert.equal(host, protocol === 'wss:' ? server.host : `${server.host}:${server.port}`);
      assert.equal(pathname, `/app/${app.key}`);
      assert.equal(searchParams.get('client'), 'js');
    }
    assert.deepEqual(
      page.requests.filter((url) => !url.startsWith(page.application.url)),
      [],
    );
  });

  it('a page joins a private channel and gets the events of the server', async (t) => {
    const page = await signedOn(t, browser, 'alice');
    const letters = unique('private-letters');
    await page.remote.subscribe(letters);
    await sdk.trigger(letters, 'letter', { text: 'Grüße ✓ 世界 🎉' });
    assert.deepEqual(await page.remote.next(letters, 'letter'), { text: 'Grüße ✓ 世界 🎉' });
    assert.equal(page.application.requests[0].user, 'alice');
  });

  it('two pages see each other join and leave', async (t) => {
    const [alice, bob] = await Promise.all(
      ['alice', 'bob'].map((user) => signedOn(t, browser, user)),
    );
    const room = unique('presence-room');
    await alice.remote.subscribe(room);
    await bob.remote.subscribe(room);
    assert.equal((await alice.remote.next(room, 'pusher:member_added')).id, 'bob');
    assert.deepEqual(await alice.remote.members(room), { ids: ['alice', 'bob'], me: 'alice' });
    assert.deepEqual(await bob.remote.members(room), { ids: ['alice', 'bob'], me: 'bob' });
    await bob.remote.trigger(room, 'client-wave', { times: 3 });
    assert.deepEqual(await alice.remote.next(room, 'client-wave'), { times: 3 });
    await bob.tab.close();
    assert.equal((await alice.remote.next(room, 'pusher:member_removed')).id, 'bob');
  });

  it('a page reconnects after its network failed', async (t) => {
    const network = await Network.start(t);
    const page = await signedOn(t, browser, 'alice', { clientOptions: network.clientOptions });
    const letters = unique('private-letters');
    await page.remote.subscribe(letters);
    await page.context.setOffline(true);
    network.cut();
    await page.remote.next('connection', 'connecting');
    await page.context.setOffline(false);
    await page.remote.next('connection', 'connected');
    await page.remote.next(letters, 'pusher:subscription_succeeded');
    await sdk.trigger(letters, 'letter', 'We are back');
    assert.equal(await page.remote.next(letters, 'letter'), 'We are back');
  });

  it('a page decrypts encrypted events', async (t) => {
    const encryptionMasterKeyBase64 = randomBytes(32).toString('base64');
    const encryptingSdk = serverSdk({ encryptionMasterKeyBase64 });
    const page = await signedOn(t, browser, 'alice', {
      sdk: encryptingSdk,
      scripts: [PUSHER_JS_WITH_ENCRYPTION],
    });
    const letters = unique('private-encrypted-letters');
    await page.remote.subscribe(letters);
    await encryptingSdk.trigger(letters, 'letter', { text: 'Grüße' });
    assert.deepEqual(await page.remote.next(letters, 'letter'), { text: 'Grüße' });
  });
});

/** A page of an application whose user is connected to the server. */
async function signedOn(t, browser, user, { scripts = [PUSHER_JS], clientOptions, sdk } = {}) {
  const application = await Application.start(t, { sdk, files: pageWith(...scripts) });
  const page = await openPage(t, browser, application);
  const options = { ...address, ...application.clientOptions(user), ...clientOptions };
  const socketId = await page.remote.connect(app.key, options);
  return { ...page, application, socketId };
}
