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

  it('lists apps, which are only read if they are in a file', async () => {
    const tab = await visitor.open('/');
    await tab.getByRole('link', { name: 'Apps' }).click();
    await tab.getByText(/Read-only: the apps are defined in .*\.yaml; change them there and reload/).waitFor();
    await tab.getByRole('row', { name: new RegExp(app.key) }).getByRole('button', { name: 'Show' }).click();
    await tab.getByLabel('Options', { exact: true }).getByText('"max_connections"').waitFor();
    assert.equal(await tab.getByRole('button', { name: 'Delete' }).count(), 0);
    assert.equal((await tab.content()).includes(app.secret), false);
    await visitor.isAccessible(tab, 'apps');
    await tab.close();
  });

  it('changes apps that are not in a file, and shows a new secret once', async () => {
    const tab = await visitor.open('/');
    await tab.route(/api\/catalog\?/, async (route) => {
      const answer = await (await route.fetch()).json();
      await route.fulfill({ json: { ...answer, changeable: true, reason: undefined } });
    });
    await tab.route(/api\/catalog\/.*rotate/, (route) => route.fulfill({ json: { secret: 'a-new-secret' } }));
    await tab.getByRole('link', { name: 'Apps' }).click();
    await tab.getByRole('row', { name: new RegExp(app.key) }).getByRole('button', { name: 'Rotate secret' }).click();
    await tab.getByRole('button', { name: 'Rotate it' }).click();
    await tab.getByText('which is not shown again: a-new-secret').waitFor();
    await tab.getByRole('button', { name: 'Create an app' }).click();
    await tab.getByLabel('Options, {} for the defaults').fill('{');
    await tab.getByRole('button', { name: 'Create it' }).click();
    await tab.getByText('This is not JSON.').waitFor();
    await visitor.isAccessible(tab, 'apps-changed');
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
