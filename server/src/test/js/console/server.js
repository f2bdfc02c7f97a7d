// The console's pages about the server itself, which was started from a configuration: it has a secret,
// FANFARE_TEST_APP_SECRET, that no page may show.
import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { app } from '../support/server.js';
import { Visitor } from './visitor.js';

describe('The console of a server with a configuration', () => {
  let visitor;

  before(async () => {
    visitor = await Visitor.start();
    await (await visitor.logIn()).close();
  });

  after(() => visitor?.leave());

  it('shows the configuration, without secrets, and where it is from', async () => {
    const tab = await visitor.open('/');
    await tab.getByRole('link', { name: 'Config' }).click();
    await tab.getByLabel('The configuration in use').getByText('console: true').waitFor();
    await tab.getByRole('row', { name: /server\.console file .*\.yaml/ }).waitFor();
    await tab.getByText('has not changed since it was read').waitFor();
    assert.equal((await tab.content()).includes(app.secret), false);
    await visitor.isAccessible(tab, 'config');
    await tab.route('**/api/config', async (route) => {
      const answer = await (await route.fetch()).json();
      const file = { path: 'fanfare.yaml', changed: true, differences: ['server.port: 6001 -> 6002'] };
      await route.fulfill({ json: { ...answer, restart: ['server.port'], file } });
    });
    await tab.reload();
    await tab.getByText('differs from what is in use').waitFor();
    await tab.getByRole('listitem').filter({ hasText: '6001 -> 6002' }).getByText('needs a restart').waitFor();
    await visitor.isAccessible(tab, 'config-changed');
    await tab.close();
  });

  it('lets the doctor examine the server', async () => {
    const tab = await visitor.open('/');
    await tab.getByRole('link', { name: 'Doctor' }).click();
    await tab.getByRole('button', { name: 'Run' }).click();
    await tab.waitForURL(/run=/);
    await tab.getByText('A client can connect there.').waitFor();
    assert.ok((await tab.getByRole('list', { name: 'Steps' }).getByRole('listitem').count()) > 2);
    await visitor.isAccessible(tab, 'doctor');
    await tab.reload();
    await tab.getByText('A client can connect there.').waitFor();
    await tab.getByLabel('URL').fill('nonsense');
    await tab.keyboard.press('Enter');
    await tab.getByRole('alert').or(tab.getByText('Failed at')).first().waitFor();
    await tab.close();
  });

  it('has broken no rule of the browser', () => {
    assert.deepEqual(visitor.complaints.filter((each) => !each.includes('/api/doctor')), []);
  });
});
