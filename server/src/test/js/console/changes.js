// Changes that are made in the console's pages, as pages.js looks at them.
import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { within } from '../support/inbox.js';
import { Traffic } from './traffic.js';
import { Visitor } from './visitor.js';

const HOSTILE = '<img src=x onerror="document.title=1">';

describe('In the console, an operator', () => {
  let traffic;
  let visitor;

  before(async () => {
    [traffic, visitor] = await Promise.all([Traffic.start(HOSTILE), Visitor.start()]);
    await (await visitor.logIn()).close();
  });

  after(async () => {
    await visitor?.leave();
    await traffic?.stop();
  });

  it('publishes an event, and sees whom it has reached', async () => {
    const tab = await visitor.open('/');
    await tab.getByRole('link', { name: 'Publish' }).click();
    await tab.getByLabel('Channels').fill('private-order.1');
    await tab.getByText('private-order.1: no subscribers, but 2 subscribers in private-orders.1').waitFor();
    await tab.getByLabel('Channels').fill('private-orders.1');
    await tab.getByText('private-orders.1: 2 subscribers').waitFor();
    await tab.getByLabel('Event', { exact: true }).last().fill('FromConsole');
    await tab.getByLabel('Data').fill('{"id":');
    await tab.getByText('Text, which is not JSON, 6 B').waitFor();
    await tab.getByLabel('Data').fill('{"id":7}');
    await tab.getByText('JSON ✓, 8 B').waitFor();
    await tab.getByRole('button', { name: 'as curl' }).click();
    await tab.getByLabel('The same for curl').getByText('"name":"FromConsole"').waitFor();
    await tab.waitForURL(/event=FromConsole/);
    const got = traffic.next('private-orders.1', 'FromConsole');
    await tab.getByRole('button', { name: 'Publish' }).click();
    assert.deepEqual(await got, { id: 7 });
    await tab.getByRole('row', { name: /FromConsole private-orders\.1 .* 2 of 2/ }).waitFor();
    await visitor.isAccessible(tab, 'publish');
    await tab.reload();
    assert.equal(await tab.getByLabel('Data').inputValue(), '{"id":7}');
    await tab.getByLabel('Channels').fill(HOSTILE.replaceAll(' ', '-'));
    await tab.getByRole('button', { name: 'Publish' }).click();
    await tab.getByRole('alert').getByText('Invalid channel name').waitFor();
    await tab.close();
  });

  it('publishes an event again', async () => {
    const tab = await visitor.open(`${traffic.screens}/live`);
    await tab.getByText('0 rows a second').waitFor();
    await traffic.publish('private-orders.1', 'Again', { id: 8 });
    await tab.getByRole('row', { name: /Again/ }).getByRole('button').click();
    await tab.getByRole('link', { name: 'Publish again' }).click();
    await tab.getByText('JSON ✓, 8 B').waitFor();
    await tab.close();
  });

  it('traces a connection closely', async () => {
    const tab = await visitor.open(`${traffic.screens}/connections/${traffic.socket}`);
    await tab.getByRole('button', { name: 'Trace closely' }).click();
    await tab.getByText('Notes for ten minutes').waitFor();
    await tab.getByRole('button', { name: 'Trace it' }).click();
    await tab.getByText(/^Until \d/).waitFor();
    await traffic.publish('private-orders.1', 'Closely', { id: 9 });
    await tab.goto(tab.url().replace(/\/connections\/.*/, '/trace?event=Closely'));
    await tab.getByRole('row', { name: /Closely/ }).first().getByRole('link').first().click();
    await tab.getByLabel('Did it arrive at connection').fill(traffic.socket);
    await tab.getByRole('button', { name: 'Show the ten steps' }).click();
    await tab.getByText(/the client has answered [0-9.]+ ms after that/).waitFor();
    await visitor.isAccessible(tab, 'closely');
    await tab.close();
  });

  it('closes a connection, which its client opens again', async () => {
    const { socket } = traffic;
    const tab = await visitor.open(`${traffic.screens}/connections/${socket}`);
    await tab.getByRole('button', { name: 'Reconnect' }).click();
    await tab.getByText('the client connects again at once').waitFor();
    await visitor.isAccessible(tab, 'close');
    await tab.keyboard.press('Escape');
    await tab.getByRole('button', { name: 'Reconnect' }).press('Enter');
    const connected = traffic.connected();
    await tab.keyboard.press('Enter');
    await tab.getByText('ended', { exact: true }).waitFor();
    await tab.getByText(/4200 Closed by an operator/).waitFor();
    await within(connected, () => 'another connection');
    assert.notEqual(traffic.socket, socket);
    await tab.close();
  });

  it('closes all connections of a user', async () => {
    const tab = await visitor.open(`${traffic.screens}/connections/${traffic.socket}`);
    await tab.getByRole('link', { name: traffic.user, exact: true }).first().click();
    await tab.getByRole('heading', { name: `User ${traffic.user}` }).waitFor();
    await tab.getByRole('row', { name: new RegExp(traffic.socket.replace('.', '\\.')) }).waitFor();
    await visitor.isAccessible(tab, 'user');
    await tab.getByRole('button', { name: 'Close all connections' }).click();
    await tab.getByRole('button', { name: 'Close them' }).click();
    await tab.getByText('1 connection closed on this node').waitFor();
    await tab.getByText('No connection on this node has signed in as this user.').waitFor();
    await tab.close();
  });

  it('finds a user whose name is markup', async () => {
    const tab = await visitor.open(`${traffic.screens}/users/${encodeURIComponent(HOSTILE)}`);
    await tab.getByRole('heading', { name: HOSTILE }).waitFor();
    await tab.getByText('No connection on this node').waitFor();
    assert.equal(await tab.locator('main img').count(), 0);
    await tab.close();
  });

  it('is shown what the server has refused', async () => {
    const tab = await visitor.open(`${traffic.screens}/connections/${traffic.other}`);
    await tab.route('**/close', (route) => route.fulfill({ status: 404, json: { error: 'This node has no connection' } }));
    await tab.getByRole('button', { name: 'Close…' }).click();
    await tab.getByRole('button', { name: 'Close it' }).click();
    await tab.getByRole('alert').getByText('This node has no connection').waitFor();
    await tab.close();
  });

  it('has broken no rule of the browser', () => {
    assert.deepEqual(visitor.complaints.filter((each) => !/\/(publish|close) */.test(each)), []);
  });
});
