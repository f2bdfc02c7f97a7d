// Runs the console's pages in Chromium, with pusher-js clients beside them, against the server and the
// console of ConsoleBrowserTest: one browser for all tests. FANFARE_TEST_CONSOLE_URL is a link that logs
// in; FANFARE_TEST_PICTURES, if set, the folder for pictures of the screens.
import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { Traffic } from './traffic.js';
import { PICTURES, Visitor } from './visitor.js';

const HOSTILE = '<img src=x onerror="document.title=1">';

describe('The console', () => {
  let traffic;
  let visitor;

  before(async () => {
    [traffic, visitor] = await Promise.all([Traffic.start(HOSTILE), Visitor.start()]);
  });

  after(async () => {
    await visitor?.leave();
    await traffic?.stop();
  });

  it('logs in by a link that works once', async () => {
    const tab = await visitor.logIn();
    assert.equal(new URL(tab.url()).hash, '');
    await tab.getByRole('heading', { name: 'Overview' }).waitFor();
    const other = await visitor.stranger();
    await other.getByText('This link was used before').waitFor();
    await visitor.isAccessible(other, 'login');
    await Promise.all([tab.close(), other.close()]);
  });

  it('shows how the node is doing', async () => {
    const tab = await visitor.open('/');
    await tab.getByText('ready', { exact: true }).waitFor();
    await tab.getByRole('table', { name: 'Event loops' }).getByRole('row').nth(1).waitFor();
    await tab.getByText(traffic.forbidden).first().waitFor();
    const plot = tab.getByRole('img', { name: 'Publishes and deliveries a second, last 15 minutes' });
    await plot.locator('canvas').waitFor();
    await traffic.publish('private-orders.1', 'Counted', 1);
    await tab.getByRole('table', { name: 'Busiest channels' }).getByRole('row', { name: /private-orders\.1/ }).waitFor();
    await tab.getByRole('button', { name: 'Connections and lag of the slowest event loop as a table' }).click();
    await tab.getByRole('table', { name: 'Connections and lag' }).getByRole('row').nth(1).waitFor();
    await visitor.isAccessible(tab, 'overview');
    assert.equal(await tab.locator('canvas').count(), 3);
    await tab.close();
  });

  it('draws plots in the colours of the theme, and leaves them still for those who want that', async () => {
    const tab = await visitor.open('/');
    await tab.emulateMedia({ colorScheme: 'light', reducedMotion: 'reduce' });
    await tab.reload();
    await tab.locator('canvas').nth(2).waitFor();
    const pixels = () => tab.evaluate(`[...document.querySelectorAll('canvas')].map((each) => each.toDataURL()).join()`);
    const drawn = await pixels();
    await tab.waitForResponse(/api\/series\?since=/);
    await tab.waitForResponse(/api\/series\?since=/);
    assert.equal(await pixels(), drawn);
    await tab.emulateMedia({ colorScheme: 'dark', reducedMotion: 'reduce' });
    await tab.waitForFunction(
      (before) => [...document.querySelectorAll('canvas')].map((each) => each.toDataURL()).join() !== before,
      drawn,
    );
    await tab.close();
  });

  it('shows what happens, filters it, and keeps all of that in the address', async () => {
    const tab = await visitor.open(`${traffic.screens}/live`);
    await tab.getByText('0 rows a second').waitFor();
    await traffic.publish('private-orders.1', 'OrderShipped', { id: 7 });
    await traffic.publish('private-order.1', 'OrderShipped', { id: 8 });
    await tab.getByRole('row', { name: /private-orders\.1 OrderShipped.* 2 of 2/ }).waitFor();
    await tab.getByRole('row', { name: /private-order\.1 OrderShipped.* no subscribers/ }).waitFor();
    await tab.getByRole('row', { name: /OrderShipped.* 2 of 2/ }).getByRole('button').click();
    await tab.getByLabel('Data', { exact: true }).getByText('"id": 7').waitFor();
    await visitor.isAccessible(tab, 'live');
    await tab.getByRole('button', { name: 'Only this channel' }).click();
    await tab.getByRole('row', { name: /private-order\.1 OrderShipped/ }).waitFor({ state: 'detached' });
    await tab.getByRole('row', { name: /private-orders\.1 OrderShipped.* 2 of 2/ }).waitFor();
    assert.equal(new URL(tab.url()).searchParams.get('channel'), 'private-orders\\.1');
    await tab.getByText('rows a second').waitFor();
    await traffic.publish('private-order.1', 'Other', 1);
    await traffic.publish('private-orders.1', 'OrderPaid', 2);
    await tab.getByRole('row', { name: /OrderPaid/ }).waitFor();
    assert.equal(await tab.getByRole('row', { name: /Other/ }).count(), 0);
    await tab.reload();
    assert.equal(await tab.getByLabel('Channel').inputValue(), 'private-orders\\.1');
    await tab.getByRole('button', { name: 'Clear' }).click();
    await tab.getByLabel('refuse').check({ force: true });
    await tab.waitForURL(/kind=refuse/);
    await tab.close();
  });

  it('counts on while it is paused', async () => {
    await traffic.publish('private-orders.1', 'Earlier', 1);
    const tab = await visitor.open(`${traffic.screens}/live?kind=publish&paused=1`);
    await tab.getByRole('row', { name: /Earlier/ }).waitFor();
    await tab.getByText('0 rows a second').waitFor();
    await traffic.publish('private-orders.1', 'Unseen', 1);
    const resume = tab.getByRole('button', { name: 'Resume (1 new)' });
    await resume.waitFor();
    assert.equal(await tab.getByRole('row', { name: /Unseen/ }).count(), 0);
    await resume.click();
    await tab.getByRole('row', { name: /Unseen/ }).waitFor();
    await tab.close();
  });

  it('says in three clicks why an event did not arrive', async () => {
    const tab = await visitor.open('/');
    await traffic.publish('private-order.1', 'Mistyped', { id: 9 });
    await tab.getByRole('link', { name: 'Trace' }).click();
    await tab.getByRole('row', { name: /Mistyped/ }).getByRole('link').first().click();
    await tab
      .getByText('No connection was subscribed to private-order.1; 2 are subscribed to private-orders.1')
      .waitFor();
    await visitor.isAccessible(tab, 'trace');
    await tab.getByRole('link', { name: 'private-orders.1' }).click();
    await tab.getByRole('heading', { name: 'private-orders.1' }).waitFor();
    await tab.close();
  });

  it('goes the ten steps to one connection', async () => {
    await traffic.publish('private-orders.1', 'Reached', 1);
    const tab = await visitor.open(`${traffic.screens}/trace?event=Reached`);
    await tab.getByRole('row', { name: /Reached .* 2 of 2/ }).getByRole('link').first().click();
    await tab.getByText('Reached 2 of 2').waitFor();
    await tab.getByLabel('Did it arrive at connection').fill(traffic.socket);
    await tab.getByRole('button', { name: 'Show the ten steps' }).click();
    await tab.getByText('As far as this server knows, the client has the event').first().waitFor();
    assert.equal(await tab.getByRole('list', { name: /^Steps/ }).getByRole('listitem').count(), 10);
    await visitor.isAccessible(tab, 'steps');
    await tab.close();
  });

  it('lists connections, and shows one', async () => {
    const tab = await visitor.open(`${traffic.screens}/connections`);
    const row = tab.getByRole('row', { name: new RegExp(traffic.socket.replace('.', '\\.')) });
    await row.waitFor();
    await visitor.isAccessible(tab, 'connections');
    await row.getByRole('link').first().click();
    await tab.getByRole('heading', { name: `Connection ${traffic.socket}` }).waitFor();
    await tab.getByRole('table', { name: 'What it did lately' }).getByText('private-orders.1').first().waitFor();
    await tab.getByText('open', { exact: true }).waitFor();
    await visitor.isAccessible(tab, 'connection');
    await tab.close();
  });

  it('lists channels, and shows one with its members', async () => {
    const tab = await visitor.open(`${traffic.screens}/channels`);
    await tab.getByLabel('Begins with').fill('presence-');
    await tab.getByRole('button', { name: 'Find' }).click();
    await tab.waitForURL(/prefix=presence-/);
    await tab.getByText('private-orders.1').waitFor({ state: 'detached' });
    await visitor.isAccessible(tab, 'channels');
    await tab.getByRole('link', { name: 'presence-room.3' }).click();
    await tab.getByRole('heading', { name: 'Members' }).waitFor();
    await visitor.isAccessible(tab, 'channel');
    await tab.getByLabel('Id begins with').fill('absent');
    await tab.getByRole('button', { name: 'Find' }).click();
    await tab.getByText('No member has such an id').waitFor();
    await tab.getByRole('link', { name: 'Its connections' }).click();
    await tab.waitForURL(/connections\?channel=presence-room.3/);
    await tab.getByRole('link', { name: traffic.socket }).waitFor();
    await tab.getByLabel('User').fill('absent');
    await tab.getByRole('button', { name: 'Find' }).click();
    await tab.getByText('No connection on this page is like that').waitFor();
    await tab.close();
  });

  it('shows what was refused, and why', async () => {
    const tab = await visitor.open(`${traffic.screens}/refusals`);
    const row = tab.getByRole('row', { name: new RegExp(traffic.forbidden) });
    await row.first().waitFor();
    await visitor.isAccessible(tab, 'refusals');
    await row.first().getByRole('link').first().click();
    await tab.getByRole('heading', { name: 'Refused subscription' }).waitFor();
    await tab.getByText(/Invalid signature/).first().waitFor();
    await visitor.isAccessible(tab, 'refusal');
    await tab.close();
  });

  it('shows what strangers have chosen as text', async () => {
    const long = 'x'.repeat(200);
    const tab = await visitor.open(`${traffic.screens}/live?kind=publish`);
    await tab.getByText('0 rows a second').waitFor();
    await traffic.publish('private-orders.1', HOSTILE, HOSTILE);
    await traffic.publish('private-orders.1', 'right\u202eleft\u200f', '\u202e"\u0007');
    await traffic.publish('private-orders.1', long, long);
    const row = tab.getByRole('row').filter({ hasText: HOSTILE });
    await row.getByRole('button').click();
    await tab.getByLabel('Data', { exact: true }).getByText('onerror').waitFor();
    await tab.getByText('right‹U+202E›left‹U+200F›').waitFor();
    await tab.getByRole('row').filter({ hasText: long }).waitFor();
    for (const path of ['channels/presence-room.3', 'trace', 'refusals']) {
      await tab.goto(`${visitor.origin}${traffic.screens}/${path}`);
      await tab.locator('main h1').waitFor();
      await tab.getByText('onerror').first().waitFor();
      assert.equal(await tab.locator('main img').count(), 0);
    }
    assert.match(await tab.title(), /Fanfare/);
    await tab.close();
  });

  it('names what a wrong signature was right for', async () => {
    const socket = await traffic.sign('private-wrong', (channel, id) => traffic.signature(`${id}:${channel.slice(8)}`));
    const tab = await visitor.open(`${traffic.screens}/refusals`);
    const row = tab.getByRole('row', { name: /private-wrong/ });
    await row.getByRole('link').first().click();
    await tab.getByText('for the channel wrong').waitFor();
    await tab.getByLabel('What should have been signed').getByText(`${socket}:private-wrong`).waitFor();
    await visitor.isAccessible(tab, 'why');
    await tab.close();
  });

  it('shows a channel whose name browsers would resolve', async () => {
    const tab = await visitor.open(`${traffic.screens}/channels?prefix=..`);
    await tab.getByRole('link', { name: '..', exact: true }).click();
    await tab.getByRole('heading', { name: '..' }).waitFor();
    await tab.getByText('Subscribers').waitFor();
    await tab.reload();
    await tab.getByText('Subscribers').waitFor();
    await tab.close();
  });

  it('ignores an answer that comes too late', async () => {
    const tab = await visitor.open('/');
    const held = [];
    await tab.route('**/api/apps/*/channels?limit=*', (route) => held.push(route));
    await tab.getByRole('link', { name: 'Channels' }).click();
    await tab.getByLabel('Begins with').fill('presence-');
    await tab.getByRole('button', { name: 'Find' }).click();
    await tab.getByRole('row', { name: /presence-room/ }).waitFor();
    assert.equal(held.length, 1);
    const late = tab.waitForResponse(/channels\?limit=/);
    await held[0].continue();
    await (await late).finished();
    await tab.evaluate('new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)))');
    assert.equal(await tab.getByRole('row', { name: /private-orders/ }).count(), 0);
    await tab.close();
  });

  it('shows the node that is alone', async () => {
    const tab = await visitor.open('/nodes');
    await tab.getByRole('row', { name: /this node ready/ }).waitFor();
    await tab.getByText('This node is alone').waitFor();
    await visitor.isAccessible(tab, 'node');
    await tab.close();
  });

  it('needs no mouse', async () => {
    const tab = await visitor.open('/');
    await tab.getByRole('heading', { name: 'Overview' }).waitFor();
    const press = (...keys) => keys.reduce((before, key) => before.then(() => tab.keyboard.press(key)), Promise.resolve());
    await press('g', 'l');
    await tab.getByRole('heading', { name: 'Live' }).waitFor();
    await tab.getByText('0 rows a second').waitFor();
    await press('/');
    await tab.keyboard.type('private-orders.*');
    await press('Enter');
    await tab.waitForURL(/channel=private-orders/);
    await tab.getByText('0 rows a second').waitFor(); // the other stream is open
    await press('Escape');
    await traffic.publish('private-orders.1', 'First', 1);
    await traffic.publish('private-orders.1', 'Second', 2);
    await tab.getByRole('row', { name: /Second/ }).waitFor();
    await press('j', 'j', 'Enter');
    await tab.getByText('Trace: did it arrive?').waitFor();
    await press(' ');
    await press('t');
    await tab.getByRole('heading', { name: 'First' }).waitFor();
    await press('?');
    await tab.getByRole('dialog', { name: 'Keyboard' }).waitFor();
    await visitor.isAccessible(tab, 'keyboard');
    await press('Escape', 'g', 'r');
    await tab.getByRole('heading', { name: 'Refusals' }).waitFor();
    await press('Tab');
    assert.notEqual(await tab.evaluate('document.activeElement.tagName'), 'BODY');
    await tab.close();
  });

  it('fits a phone', async () => {
    const of = (place) => `${traffic.screens}/${place}`;
    const tab = await visitor.open('/');
    await tab.setViewportSize({ width: 390, height: 800 });
    for (const path of ['/', '/nodes', ...['live', 'trace', 'connections', 'channels', 'refusals'].map(of)]) {
      await tab.goto(`${visitor.origin}${path}`);
      await tab.locator('main h1').waitFor();
      const [needed, given] = await tab.evaluate('[document.documentElement.scrollWidth, innerWidth]');
      assert.ok(needed <= given, `${path} is ${needed} px wide`);
    }
    await visitor.picture(tab, 'phone');
    await tab.close();
  });

  it('says so when the server does not answer, and goes on when it does', async () => {
    const tab = await visitor.open(`${traffic.screens}/refusals`);
    await tab.getByRole('table').waitFor();
    await tab.route('**/api/apps/**', (route) => route.abort());
    await tab.getByRole('alert').getByText('The server does not answer.').waitFor();
    await tab.unroute('**/api/apps/**');
    await tab.getByRole('alert').waitFor({ state: 'detached' });
    await tab.close();
  });

  it('is pictured for README.md', { skip: !PICTURES }, async () => {
    const tab = await visitor.open(`${traffic.screens}/live`);
    await tab.setViewportSize({ width: 1080, height: 620 });
    await tab.getByText('0 rows a second').waitFor();
    await traffic.bustle();
    await tab.getByRole('row', { name: /order\.17/ }).waitFor();
    await tab.getByRole('row', { name: /private-orders\.42 OrderPaid/ }).getByRole('button').click();
    await tab.getByText('"total"').waitFor();
    await visitor.illustrate(tab, 'console-live');
    await tab.goto(`${visitor.origin}${traffic.screens}/trace?channel=private-order.17`);
    await tab.emulateMedia({ colorScheme: 'dark' });
    await tab.locator('[data-trace]').first().click();
    await tab.getByLabel('Did it arrive at connection').fill(traffic.socket);
    await tab.getByRole('button', { name: 'Show the ten steps' }).click();
    await tab.getByText('Not delivered').waitFor();
    await visitor.illustrate(tab, 'console-trace');
    await tab.emulateMedia({ colorScheme: 'light' });
    await tab.goto(`${visitor.origin}/`);
    for (let round = 1; round <= 15; round++) {
      for (let event = 0; event < 1 + (round * 5) % 7; event++) {
        await traffic.publish(['private-orders.1', 'presence-room.3'][event % 2], 'Ticked', { round });
      }
      await tab.waitForResponse(/api\/series/);
    }
    await tab.getByRole('table', { name: 'Busiest channels' }).getByRole('row', { name: /presence-room/ }).waitFor();
    await visitor.illustrate(tab, 'console-overview');
    await tab.close();
  });

  it('logs out, and says that a session has ended', async () => {
    const tab = await visitor.open(`${traffic.screens}/refusals`);
    await tab.getByRole('table').waitFor();
    await visitor.forgets();
    await tab.getByText('The session has ended').waitFor();
    assert.equal(new URL(tab.url()).pathname, '/login');
  });

  it('has broken none of its rules, asked no other host, and left the browser’s console empty', () => {
    assert.deepEqual(visitor.complaints, []);
  });
});
