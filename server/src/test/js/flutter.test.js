import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { Application } from './support/application.js';
import { launchBrowserWithHost, openPage, pageWith } from './support/browser.js';
import { serverSdk, startClient } from './support/clients.js';
import { listen, subscribe } from './support/inbox.js';
import { app, server, unique } from './support/server.js';

// pusher_channels_flutter has no option for a host. docs/flutter.md gives two values for `cluster`,
// which pusher-js pastes into ws-CLUSTER.pusher.com without checking it.
const tail = `:${server.port}/app/${app.key}?protocol=7&x=`;
const withUserInfo = `x@${server.host}${tail}`;
const withDnsName = `push.example.com${tail}`;

const enabledTransports = ['ws', 'wss'];
const sdk = serverSdk();

describe('The cluster of the Flutter guide, in Node', () => {
  it('leads to the server, where a user is notified by the backend and by a device', async (t) => {
    const application = await Application.start(t);
    const [phone, tablet] = ['phone', 'tablet'].map((device) => start(t, application, device));
    const channel = unique('private-42');
    const [onPhone, onTablet] = await Promise.all([
      subscribe(phone, channel),
      subscribe(tablet, channel),
    ]);
    await sdk.trigger(channel, 'notification', { text: 'hello' });
    assert.deepEqual(await onPhone.next('notification'), { text: 'hello' });
    assert.deepEqual(await onTablet.next('notification'), { text: 'hello' });
    onTablet.channel.trigger('client-seen', { id: 1 });
    assert.deepEqual(await onPhone.next('client-seen'), { id: 1 });
  });

  function start(t, application, user) {
    const reset = { wsHost: undefined, wsPort: undefined };
    const client = startClient(t, {
      ...reset,
      cluster: withUserInfo,
      ...application.clientOptions(user),
    });
    listen(client.connection, 'the connection');
    return client;
  }
});

describe('The cluster of the Flutter guide, in a browser', () => {
  let browser;
  before(async () => (browser = await launchBrowserWithHost('ws-push.example.com')));
  after(() => browser?.close());

  for (const [title, cluster, host] of [
    ['an address after user information', withUserInfo, `ws-x@${server.host}`],
    ['a DNS name that begins with ws-', withDnsName, 'ws-push.example.com'],
  ]) {
    it(`leads to the server by ${title}`, async (t) => {
      const application = await Application.start(t, {
        files: pageWith('pusher-js/dist/web/pusher.js'),
      });
      const page = await openPage(t, browser, application);
      await page.remote.connect(app.key, {
        cluster,
        forceTLS: false,
        enabledTransports,
        ...application.clientOptions('alice'),
      });
      assert.ok(page.sockets[0].startsWith(`ws://${host}${tail}`), page.sockets[0]);
      const channel = unique('private-42');
      await page.remote.subscribe(channel);
      await sdk.trigger(channel, 'notification', { text: 'hello' });
      assert.deepEqual(await page.remote.next(channel, 'notification'), { text: 'hello' });
    });
  }
});
