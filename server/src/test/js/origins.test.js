import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { Application } from './support/application.js';
import { launchBrowser, openPage, pageWith } from './support/browser.js';
import { address, connect } from './support/clients.js';
import { app } from './support/server.js';

// The app of these tests allows pages of https://allowed.example only.
describe('An app that allows some origins', () => {
  let browser;
  before(async () => (browser = await launchBrowser()));
  after(() => browser?.close());

  it('refuses a page of another origin with the reason, and the page does not retry', async (t) => {
    const application = await Application.start(t, {
      files: pageWith('pusher-js/dist/web/pusher.js'),
    });
    // The same page by another name: an origin on the host of the server itself is allowed.
    const url = application.url.replace('127.0.0.1', 'localhost');
    const page = await openPage(t, browser, { url });
    const outcome = await page.remote.refused(app.key, address);
    assert.deepEqual(outcome, {
      code: 4009,
      message: `Origin not allowed: ${url.replace(/\/$/, '')}`,
      states: ['disconnected'],
    });
    assert.equal(page.sockets.length, 1);
  });

  for (const transport of ['xhr_streaming', 'xhr_polling']) {
    it(`refuses it over ${transport} as over WebSocket`, async (t) => {
      const application = await Application.start(t, {
        files: pageWith('pusher-js/dist/web/pusher.js'),
      });
      const url = application.url.replace('127.0.0.1', 'localhost');
      const page = await openPage(t, browser, { url });
      const options = { ...address, enabledTransports: [transport] };
      assert.deepEqual(await page.remote.refused(app.key, options), {
        code: 4009,
        message: `Origin not allowed: ${url.replace(/\/$/, '')}`,
        states: ['disconnected'],
      });
      assert.equal(page.requests.filter((each) => each.includes('/xhr')).length, 1);
    });
  }

  it('accepts clients that are not browsers and send no origin', async (t) => {
    const client = await connect(t);
    assert.match(client.connection.socket_id, /^\d+\.\d+$/);
  });
});
