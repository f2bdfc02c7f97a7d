import assert from 'node:assert/strict';
import { randomBytes, randomUUID } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { after, before, describe, it } from 'node:test';
import Echo from 'laravel-echo';
import Pusher from 'pusher-js';
import { Application } from './support/application.js';
import { launchBrowser, openPage, pageWith } from './support/browser.js';
import { address, bodyOf, serverSdk } from './support/clients.js';
import { Inbox, listen, subscribe } from './support/inbox.js';
import { Network } from './support/network.js';
import { app, server, unique } from './support/server.js';

/** A masked binary frame, for which the server closes a connection with 1003. */
const BINARY_FRAME = Buffer.from([0x82, 0x81, 1, 2, 3, 4, 1]);

/** The server keeps the events of all channels, and resumes. */
describe('pusher-js in Node with a tag', { concurrency: true }, () => {
  const sdk = serverSdk();

  it('gets what it missed on a silent network', async (t) => {
    const car = await follow(t, sdk, 'feed', { activityTimeout: 1_000, pongTimeout: 1_000 });
    car.network.freeze();
    await sdk.trigger(car.channel.name, 'position', { km: 1 });
    await sdk.trigger(car.channel.name, 'position', { km: 2 });
    assert.deepEqual(await car.next('position'), { km: 1 });
    assert.deepEqual(await car.next('position'), { km: 2 });
    await sdk.trigger(car.channel.name, 'position', { km: 3 });
    assert.deepEqual(await car.next('position'), { km: 3 });
    assert.deepEqual(car.all('position'), [{ km: 1 }, { km: 2 }, { km: 3 }]);
  });

  it('gets nothing twice after an answered close frame', { skip: server.transport }, async (t) => {
    const car = await follow(t, sdk, 'feed');
    await sdk.trigger(car.channel.name, 'position', { km: 1 });
    assert.deepEqual(await car.next('position'), { km: 1 });
    car.network.inject(BINARY_FRAME);
    await car.next('pusher:subscription_succeeded');
    await sdk.trigger(car.channel.name, 'position', { km: 2 });
    assert.deepEqual(await car.next('position'), { km: 2 });
    assert.deepEqual(car.all('position'), [{ km: 1 }, { km: 2 }]);
  });

  it('can read what it missed on an encrypted channel', async (t) => {
    const encrypting = serverSdk({
      encryptionMasterKeyBase64: randomBytes(32).toString('base64'),
    });
    const letters = await follow(t, encrypting, 'private-encrypted-letters');
    letters.network.cut();
    await encrypting.trigger(letters.channel.name, 'letter', 'Dear Alice');
    assert.equal(await letters.next('letter'), 'Dear Alice');
  });

  it('does not get an event that excluded it', async (t) => {
    const chat = await follow(t, sdk, 'private-chat');
    const socketId = chat.client.connection.socket_id;
    chat.network.cut();
    await sdk.trigger(chat.channel.name, 'said', 'mine', { socket_id: socketId });
    await sdk.trigger(chat.channel.name, 'said', 'theirs');
    assert.equal(await chat.next('said'), 'theirs');
    await sdk.trigger(chat.channel.name, 'said', 'later');
    assert.equal(await chat.next('said'), 'later');
    assert.deepEqual(chat.all('said'), ['theirs', 'later']);
  });

  it('gives Laravel Echo what it missed', async (t) => {
    const network = await Network.start(t);
    const orders = unique('orders');
    const echo = new Echo({
      broadcaster: 'pusher',
      Pusher,
      ...address,
      ...network.clientOptions,
      key: `${app.key}/~${randomUUID()}`,
    });
    t.after(() => echo.disconnect());
    const inbox = new Inbox(`orders of ${orders}`);
    echo.channel(orders).subscribed(inbox.as('subscribed')).listen('Shipped', inbox.as('shipped'));
    await inbox.next('subscribed');
    network.cut();
    await sdk.trigger(orders, 'App\\Events\\Shipped', { id: 1 });
    assert.deepEqual(await inbox.next('shipped'), { id: 1 });
    assert.deepEqual(inbox.all('shipped'), [{ id: 1 }]);
  });
});

describe('The recipes of docs/history.md', { concurrency: true }, () => {
  const sdk = serverSdk();

  for (const client of ['new Pusher', 'new Echo']) {
    it(`${client} gets what it missed`, async (t) => {
      const network = await Network.start(t);
      const feed = unique('feed-7');
      const inbox = new Inbox(`what ${client} shows`);
      const code = recipe(client).replaceAll('6001', network.port).replaceAll('"feed-7"', `"${feed}"`);
      const connection = new Function('Pusher', 'Echo', 'crypto', 'show', 'load', code)(
        Pusher,
        Echo,
        { randomUUID },
        inbox.as('scored'),
        inbox.as('gap'),
      );
      t.after(() => connection.disconnect());
      await occupied(sdk, feed, true);
      network.cut();
      await sdk.trigger(feed, 'scored', '1:0');
      assert.equal(await inbox.next('scored'), '1:0');
      await sdk.trigger(feed, 'scored', '1:1');
      assert.equal(await inbox.next('scored'), '1:1');
      assert.deepEqual(inbox.all('scored'), ['1:0', '1:1']);
      assert.deepEqual(inbox.all('gap'), []);
    });
  }
});

/** The only block of code with that text, for the server under test. It returns its client. */
function recipe(text) {
  const page = readFileSync(new URL('../../../../docs/history.md', import.meta.url), 'utf8');
  const blocks = [...page.matchAll(/^```js\n([^]*?)^```$/gm)].map(([, code]) => code);
  const found = blocks.filter((code) => code.includes(text));
  assert.equal(found.length, 1, `recipes with ${text}`);
  const own = found[0].replaceAll('"KEY/', `"${app.key}/`).replaceAll('"localhost"', '"127.0.0.1"');
  return `${own}\nreturn ${own.match(/const (\w+) = new /)[1]};`;
}

/** Waits until a client has subscribed, or until all have gone. */
async function occupied(sdk, channel, wanted) {
  for (let i = 0; i < 900; i += 1) {
    if ((await bodyOf(sdk.get({ path: `/channels/${channel}` }))).occupied === wanted) {
      return;
    }
    await new Promise((later) => setTimeout(later, 50));
  }
  assert.fail(`${channel} is ${wanted ? 'not occupied' : 'still occupied'}`);
}

describe('pusher-js in Chromium with a tag', { concurrency: true }, () => {
  const sdk = serverSdk();
  let browser;
  before(async () => (browser = await launchBrowser()));
  after(() => browser?.close());

  it('gets what it missed, each tab for itself', async (t) => {
    const network = await Network.start(t);
    const device = randomUUID();
    const tabs = await Promise.all(
      ['1', '2'].map((session) => openTab(t, browser, network, `${device}~${session}`)),
    );
    const letters = unique('private-letters');
    await Promise.all(tabs.map(({ remote }) => remote.subscribe(letters)));
    network.cut();
    await sdk.trigger(letters, 'letter', 'While you were away');
    await sdk.trigger(letters, 'letter', 'and another one');
    for (const { remote } of tabs) {
      assert.equal(await remote.next(letters, 'letter'), 'While you were away');
      assert.equal(await remote.next(letters, 'letter'), 'and another one');
      assert.deepEqual(await remote.names(letters), ['letter', 'letter']);
    }
  });

  it('gets nothing twice after an answered close frame', { skip: server.transport }, async (t) => {
    const network = await Network.start(t);
    const { remote } = await openTab(t, browser, network, `~${randomUUID()}`);
    const letters = unique('private-letters');
    await remote.subscribe(letters);
    await sdk.trigger(letters, 'letter', 'first');
    assert.equal(await remote.next(letters, 'letter'), 'first');
    network.inject(BINARY_FRAME);
    await remote.next(letters, 'pusher:subscription_succeeded');
    await sdk.trigger(letters, 'letter', 'second');
    assert.equal(await remote.next(letters, 'letter'), 'second');
    assert.deepEqual(await remote.names(letters), ['letter', 'letter']);
  });

  it('gets nothing old after the page was loaded again', async (t) => {
    const network = await Network.start(t);
    const page = await openTab(t, browser, network, `~${randomUUID()}`);
    const letters = unique('private-letters');
    await page.remote.subscribe(letters);
    await page.tab.goto('about:blank');
    // Not until the browser closes its connection: one that polls may keep it, idle, for later.
    await occupied(sdk, letters, false);
    await sdk.trigger(letters, 'letter', 'while the page was away');
    await page.tab.goto(page.application.url);
    await page.connect(`~${randomUUID()}`);
    await page.remote.subscribe(letters);
    await sdk.trigger(letters, 'letter', 'new');
    assert.equal(await page.remote.next(letters, 'letter'), 'new');
  });
});

/** A client that is subscribed to a new channel, with the network between it and the server. */
async function follow(t, sdk, kind, options = {}) {
  const network = await Network.start(t);
  const application = await Application.start(t);
  application.sdk = sdk;
  const client = new Pusher(`${app.key}/~${randomUUID()}`, {
    ...address,
    ...application.clientOptions('alice'),
    ...network.clientOptions,
    ...options,
  });
  t.after(() => client.disconnect());
  await listen(client.connection, 'the connection').next('connected');
  return Object.assign(await subscribe(client, unique(kind)), { client, network });
}

/** A page whose client has this tag. */
async function openTab(t, browser, network, tag) {
  const application = await Application.start(t, {
    files: pageWith('pusher-js/dist/web/pusher.js'),
  });
  const page = await openPage(t, browser, application);
  const options = {
    ...address,
    ...application.clientOptions('alice'),
    ...network.clientOptions,
  };
  const connectAs = (itsTag) => page.remote.connect(`${app.key}/${itsTag}`, options);
  await connectAs(tag);
  return { ...page, application, connect: connectAs };
}
