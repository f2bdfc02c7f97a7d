import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { Application } from './support/application.js';
import { BLOCKS, BlockingProxy } from './support/blocking.js';
import { launchBrowser, openPage, pageWith } from './support/browser.js';
import { address, serverSdk } from './support/clients.js';
import { app, unique } from './support/server.js';

const enabledTransports = ['ws', 'wss', 'xhr_streaming', 'xhr_polling'];

describe('In a browser behind a proxy without WebSocket', { concurrency: true }, () => {
  let browser;
  before(async () => (browser = await launchBrowser()));
  after(() => browser?.close());

  for (const [what, block] of Object.entries(BLOCKS)) {
    it(`a page gets its events over HTTP if the proxy ${what}`, async (t) => {
      const proxy = await BlockingProxy.start(t, block);
      const application = await Application.start(t, {
        files: pageWith('pusher-js/dist/web/pusher.js'),
      });
      const page = await openPage(t, browser, application);
      const socketId = await page.remote.connect(app.key, {
        ...address,
        ...application.clientOptions('alice'),
        ...proxy.clientOptions,
        enabledTransports,
      });
      assert.match(socketId, /^\d+\.\d+$/);
      assert.notEqual(proxy.blocked, 0);
      assert.ok(page.requests.some((url) => url.includes('/xhr_streaming?')));
      const letters = unique('private-letters');
      await page.remote.subscribe(letters);
      await serverSdk().trigger(letters, 'letter', { text: 'Grüße ✓ 世界 🎉' });
      assert.deepEqual(await page.remote.next(letters, 'letter'), { text: 'Grüße ✓ 世界 🎉' });
    });
  }
});
