import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { Application } from './support/application.js';
import { launchBrowser, openPage, pageWith } from './support/browser.js';
import { address, serverSdk } from './support/clients.js';
import { app, unique } from './support/server.js';

/** The server restarts when it is asked to. */
describe('A restart of the server', () => {
  const sdk = serverSdk();
  let browser;
  before(async () => (browser = await launchBrowser()));
  after(() => browser?.close());

  /** A page over HTTP that has received one event of its channel. */
  const start = async (t, transport) => {
    const application = await Application.start(t, {
      files: pageWith('pusher-js/dist/web/pusher.js'),
    });
    const page = await openPage(t, browser, application);
    await page.remote.connect(app.key, { ...address, enabledTransports: [transport] });
    page.channel = unique('orders');
    await page.remote.subscribe(page.channel);
    await ships(page, 1);
    page.sessions = () => new Set(page.requests.flatMap((url) => url.match(/\w+\/(?=xhr)/g) ?? []));
    assert.equal(page.sessions().size, 1);
    return page;
  };

  const ships = async ({ channel, remote }, id) => {
    await sdk.trigger(channel, 'shipped', { id });
    assert.deepEqual(await remote.next(channel, 'shipped'), { id });
  };

  it('makes pages over HTTP begin a new session by themselves', async (t) => {
    const streaming = await start(t, 'xhr_streaming');
    const polling = await start(t, 'xhr_polling');
    // This page asks for what waits in its session only when the server is another one.
    let restarted;
    const isRestarted = new Promise((resolve) => (restarted = resolve));
    let hold;
    const isHeld = new Promise((resolve) => (hold = resolve));
    await polling.tab.route(/\/xhr\?/, async (route) => {
      hold();
      await isRestarted;
      await route.continue();
    });
    await sdk.trigger(polling.channel, 'next', {}); // unless the request that waits is held
    await isHeld;
    await fetch(process.env.FANFARE_TEST_RESTART_URL);
    restarted();
    // So the server begins that session once more, and pusher-js takes a new one.
    const { data } = await polling.remote.next('connection', 'error');
    assert.deepEqual(data, { code: 1006, message: 'Server lost session' });
    for (const page of [streaming, polling]) {
      await page.remote.next('connection', 'connected');
      await page.remote.next(page.channel, 'pusher:subscription_succeeded');
      await ships(page, 2);
      assert.notEqual(page.sessions().size, 1);
    }
  });
});
