// Runs the console's pages of one of two nodes, as pages.js does. FANFARE_TEST_OTHER_PORT is the port of
// the other node, where a client is connected.
import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import Pusher from 'pusher-js';
import { address, serverSdk } from '../support/clients.js';
import { within } from '../support/inbox.js';
import { app } from '../support/server.js';
import { Visitor } from './visitor.js';

const OTHER_PORT = Number(process.env.FANFARE_TEST_OTHER_PORT);
const SCREENS = `/apps/${app.id}`;

describe('The console of one of two nodes', () => {
  const there = new Pusher(app.key, { ...address, wsPort: OTHER_PORT });
  const sdk = serverSdk({ port: OTHER_PORT });
  let visitor;

  before(async () => {
    visitor = await Visitor.start();
    const channel = there.subscribe('there');
    await within(new Promise((done) => channel.bind('pusher:subscription_succeeded', done)), () => 'a subscription');
    await (await visitor.logIn()).close();
  });

  after(async () => {
    there.disconnect();
    await visitor?.leave();
  });

  it('shows both nodes', async () => {
    const tab = await visitor.open('/nodes');
    await tab.getByRole('row', { name: /node-a ready 0/ }).waitFor();
    await tab.getByRole('row', { name: /node-b ready 1/ }).waitFor();
    await visitor.isAccessible(tab, 'nodes');
    await tab.route('**/api/nodes', async (route) => {
      const { nodes } = await (await route.fetch()).json();
      await route.fulfill({ json: { nodes: [nodes[0], { node: 'node-b', silent: true }] } });
    });
    await tab.getByRole('row', { name: /node-b silent/ }).waitFor();
    await tab.getByText('has not answered within a second').waitFor();
    await visitor.isAccessible(tab, 'silent');
    await tab.close();
  });

  it('shows the rows of both, and where an event was published', async () => {
    const tab = await visitor.open(`${SCREENS}/live?kind=publish`);
    await tab.getByRole('button', { name: 'All nodes' }).click();
    await tab.waitForURL(/nodes=all/);
    await tab.getByRole('button', { name: 'All nodes', pressed: true }).waitFor();
    const row = tab.getByRole('row', { name: /node-b publish there Hello/ });
    // the other node sends its rows from when it is asked, which shows by them only
    const publishing = setInterval(() => sdk.trigger('there', 'Hello', { to: 'all' }).catch(() => {}), 500);
    await row.first().waitFor().finally(() => clearInterval(publishing));
    await row.first().getByRole('button').click();
    await tab.getByLabel('Data', { exact: true }).getByText('"to": "all"').waitFor();
    await visitor.isAccessible(tab, 'live-nodes');
    await tab.getByRole('link', { name: 'Trace: did it arrive?' }).click();
    await tab.getByRole('heading', { name: 'Delivery on node node-b' }).waitFor();
    await tab.getByText('Reached 1 of 1').waitFor();
    await tab.close();
  });

  it('says what the other node did with an event', async () => {
    const received = new Promise((done) => there.channel('there').bind('FromHere', done));
    await serverSdk().trigger('there', 'FromHere', {});
    await within(received, () => 'the event');
    const tab = await visitor.open(`${SCREENS}/trace?event=FromHere`);
    await tab.getByRole('row', { name: /FromHere/ }).first().getByRole('link').first().click();
    await tab.getByText('Reached 1 of 1 on other nodes').waitFor();
    await tab.getByRole('heading', { name: 'Delivery on other nodes' }).waitFor();
    await tab.getByRole('row', { name: /node-b 1 of 1/ }).waitFor();
    await visitor.isAccessible(tab, 'trace-nodes');
    await tab.getByLabel('Did it arrive at connection').fill(there.connection.socket_id);
    await tab.getByRole('button', { name: 'Show the ten steps' }).click();
    await tab.getByRole('list', { name: `Steps to connection ${there.connection.socket_id} on node-b` }).waitFor();
    await tab.getByText('accepted by node-a').waitFor();
    await tab.close();
  });

  it('shows a connection of the other node', async () => {
    const tab = await visitor.open(`${SCREENS}/connections/${there.connection.socket_id}`);
    await tab.getByText('node-b').waitFor();
    await tab.getByRole('link', { name: 'there' }).first().waitFor();
    await tab.close();
  });

  it('has broken none of its rules', () => {
    assert.deepEqual(visitor.complaints.filter((each) => !each.includes('/connections/')), []);
  });
});
