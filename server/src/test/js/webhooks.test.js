import assert from 'node:assert/strict';
import { once } from 'node:events';
import { createServer } from 'node:http';
import { text } from 'node:stream/consumers';
import { after, before, describe, it } from 'node:test';
import { connect, serverSdk } from './support/clients.js';
import { Application } from './support/application.js';
import { Inbox, subscribe } from './support/inbox.js';
import { unique } from './support/server.js';

/** What an application does with webhooks: the Node SDK reads and verifies each request. */
class Hooks {
  /** The SDK's view of every request. */
  received = [];

  /** Has every event, under its name. */
  events = new Inbox('the webhooks');

  #sdk = serverSdk();
  #http = createServer((request, response) => this.#take(request, response));

  async start() {
    this.#http.listen(Number(process.env.FANFARE_TEST_WEBHOOK_PORT), '127.0.0.1');
    await once(this.#http, 'listening');
  }

  stop() {
    this.#http.closeAllConnections();
    this.#http.close();
  }

  async #take(request, response) {
    const webhook = this.#sdk.webhook({ headers: request.headers, rawBody: await text(request) });
    response.writeHead(200).end();
    this.received.push(webhook);
    if (webhook.isValid()) {
      webhook.getEvents().forEach((event) => this.events.as(event.name)(event));
    }
  }
}

describe('Webhooks, read by the Node SDK', () => {
  const hooks = new Hooks();
  before(() => hooks.start());
  after(() => hooks.stop());

  it('report channels and members that come and go', async (t) => {
    const room = unique('presence-room');
    const of = (event) => event.channel === room;
    const application = await Application.start(t);
    const client = await connect(t, application.clientOptions('alice'));
    await subscribe(client, room);
    assert.deepEqual(await hooks.events.next('channel_occupied', of), {
      name: 'channel_occupied',
      channel: room,
    });
    assert.deepEqual(await hooks.events.next('member_added', of), {
      name: 'member_added',
      channel: room,
      user_id: 'alice',
    });
    client.unsubscribe(room);
    await hooks.events.next('member_removed', of);
    await hooks.events.next('channel_vacated', of);
    const names = hooks.received.flatMap((webhook) => webhook.getEvents()).filter(of);
    assert.deepEqual(
      names.map(({ name }) => name),
      ['channel_occupied', 'member_added', 'member_removed', 'channel_vacated'],
    );
  });

  it('report client events, with data that can be parsed', async (t) => {
    const room = unique('presence-room');
    const application = await Application.start(t);
    const client = await connect(t, application.clientOptions('bob'));
    const { channel } = await subscribe(client, room);
    channel.trigger('client-typing', { text: 'grüße ✓ "quoted"' });
    const event = await hooks.events.next('client_event', (e) => e.channel === room);
    assert.equal(event.event, 'client-typing');
    assert.deepEqual(JSON.parse(event.data), { text: 'grüße ✓ "quoted"' });
    assert.equal(event.user_id, 'bob');
    assert.equal(event.socket_id, client.connection.socket_id);
  });

  it('report empty caches and subscription counts', async (t) => {
    const channel = unique('cache-news');
    const of = (event) => event.channel === channel;
    const client = await connect(t);
    await subscribe(client, channel);
    assert.deepEqual(await hooks.events.next('cache_miss', of), { name: 'cache_miss', channel });
    assert.deepEqual(await hooks.events.next('subscription_count', of), {
      name: 'subscription_count',
      channel,
      subscription_count: 1,
    });
  });

  it('are all valid, and of this moment', () => {
    assert.ok(hooks.received.length > 0);
    for (const webhook of hooks.received) {
      assert.ok(webhook.isContentTypeValid(), 'content type');
      assert.ok(webhook.isValid(), 'signature');
      assert.ok(Math.abs(Date.now() - webhook.getTime()) < 60_000);
    }
  });
});
