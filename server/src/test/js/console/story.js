// Finds mistakes in the console's pages and repairs what they have done, as pages.js looks at them.
// FANFARE_TEST_OTHER_SECRET is the secret of app 2.
import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { Traffic } from './traffic.js';
import { Visitor } from './visitor.js';

describe('With the console, a user', () => {
  let traffic;
  let visitor;

  before(async () => {
    [traffic, visitor] = await Promise.all([Traffic.start('ben'), Visitor.start()]);
    await (await visitor.logIn()).close();
  });

  after(async () => {
    await visitor?.leave();
    await traffic?.stop();
  });

  it('finds in three clicks that an auth endpoint has the secret of another app', async () => {
    await traffic.sign('private-orders.9', (channel, socket) =>
      traffic.signature(`${socket}:${channel}`, process.env.FANFARE_TEST_OTHER_SECRET),
    );
    const tab = await visitor.open('/');
    await tab.getByRole('link', { name: 'Refusals' }).click();
    await tab.getByRole('row', { name: /private-orders\.9/ }).getByRole('link').first().click();
    await tab.getByText('app 2’s secret').or(tab.getByText("app 2's secret")).first().waitFor();
    assert.equal((await tab.content()).includes(process.env.FANFARE_TEST_OTHER_SECRET), false);
    await tab.close();
  });

  it('replays a webhook that was not accepted', async () => {
    const tab = await visitor.open('/');
    await tab.getByRole('link', { name: 'Webhooks' }).click();
    const dead = tab.getByRole('table', { name: 'Webhooks that are dead' }).getByRole('row', { name: /channel_vacated/ });
    await dead.nth(1).waitFor();
    await visitor.isAccessible(tab, 'webhooks');
    const row = dead.filter({ hasNotText: '127.0.0.1:1/' });
    await row.getByRole('button', { name: 'Replay' }).click();
    await visitor.isAccessible(tab, 'replay');
    await tab.route(/\/replay/, async (route) => {
      const response = await route.fetch();
      await row.waitFor({ state: 'detached' });
      await route.fulfill({ response });
    });
    await row.getByRole('button', { name: 'Replay it' }).click();
    await tab.getByText('is sent again').waitFor();
    await row.waitFor({ state: 'detached' });
    await tab.getByRole('link', { name: 'delivered' }).click();
    await tab
      .getByRole('table', { name: 'Webhooks that are delivered' })
      .getByRole('row', { name: /channel_vacated .*200 after/ })
      .waitFor();
    await visitor.isAccessible(tab, 'delivered');
    await tab.close();
  });

  it('deletes dead webhooks only if the host is typed', async () => {
    const tab = await visitor.open(`${traffic.screens}/webhooks`);
    const endpoint = tab.getByRole('row', { name: /127\.0\.0\.1:1\/hook/ }).first();
    await endpoint.getByRole('button', { name: 'Purge' }).click();
    await tab.getByLabel('Host name of the endpoint').fill('orders.example');
    await tab.getByRole('button', { name: 'Delete them' }).click();
    await tab.getByRole('alert').waitFor();
    await tab.getByLabel('Host name of the endpoint').fill('127.0.0.1');
    await tab.keyboard.press('Enter');
    await tab.getByText('1 dead webhook deleted.').waitFor();
    await tab.getByText('No webhook is dead.').waitFor();
    assert.equal((await tab.content()).includes('hush-2'), false);
    await tab.close();
  });

  it('has broken no rule of the browser', () => {
    assert.deepEqual(visitor.complaints.filter((each) => !each.includes('/webhooks/purge')), []);
  });
});
