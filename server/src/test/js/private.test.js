import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { Application } from './support/application.js';
import { connect, serverSdk } from './support/clients.js';
import { subscribe, trySubscribe } from './support/inbox.js';
import { unique } from './support/server.js';

const sdk = serverSdk();

describe('A private channel', { concurrency: true }, () => {
  it('opens with the signature that the application gives to its user', async (t) => {
    const application = await Application.start(t);
    const client = await connect(t, application.clientOptions('alice'));
    const letters = await subscribe(client, unique('private-letters'));
    await sdk.trigger(letters.channel.name, 'letter', { text: 'Hello' });
    assert.deepEqual(await letters.next('letter'), { text: 'Hello' });

    const [{ user, contentType, fields }] = application.requests;
    assert.equal(user, 'alice');
    assert.match(contentType, /^application\/x-www-form-urlencoded/);
    assert.deepEqual(fields, {
      socket_id: client.connection.socket_id,
      channel_name: letters.channel.name,
    });
  });

  it('opens for clients that ask the application in JSON', async (t) => {
    const application = await Application.start(t);
    const { endpoint, headers } = application.clientOptions('alice').channelAuthorization;
    const askInJson = async ({ socketId, channelName }, callback) => {
      const answer = await fetch(endpoint, {
        method: 'POST',
        headers: { ...headers, 'Content-Type': 'application/json' },
        body: JSON.stringify({ socket_id: socketId, channel_name: channelName }),
      });
      callback(null, await answer.json());
    };
    const client = await connect(t, { channelAuthorization: { customHandler: askInJson } });
    await subscribe(client, unique('private-letters'));
    assert.equal(application.requests[0].contentType, 'application/json');
  });

  it('opens when the signature covers channel data as well', async (t) => {
    const memberData = () => ({ device: 'Telefon am Gerät', since: 7 });
    const application = await Application.start(t, { memberData });
    const client = await connect(t, application.clientOptions('alice'));
    const letters = await subscribe(client, unique('private-letters'));
    await sdk.trigger(letters.channel.name, 'letter', 'Hello');
    assert.equal(await letters.next('letter'), 'Hello');
  });

  it('stays closed when the application refuses', async (t) => {
    const application = await Application.start(t, { allows: (user) => user !== 'mallory' });
    const mallory = await connect(t, application.clientOptions('mallory'));
    const letters = trySubscribe(mallory, unique('private-letters'));
    const { type, status } = await letters.next('pusher:subscription_error');
    assert.deepEqual({ type, status }, { type: 'AuthError', status: 403 });
  });

  for (const [forgery, authorize] of Object.entries(forgeries())) {
    it(`stays closed to ${forgery}`, async (t) => {
      const customHandler = ({ socketId, channelName }, callback) =>
        callback(null, authorize(socketId, channelName));
      const mallory = await connect(t, { channelAuthorization: { customHandler } });
      const letters = trySubscribe(mallory, unique('private-letters'));

      const { type, status } = await letters.next('pusher:subscription_error');
      assert.deepEqual({ type, status }, { type: 'AuthError', status: 401 });
      await mallory.news.next('error');
      await sdk.trigger(letters.channel.name, 'letter', 'Secret');
      const open = await subscribe(mallory, unique('news'));
      await sdk.trigger(open.channel.name, 'marker', {});
      await open.next('marker');
      assert.deepEqual(letters.names, []);
      assert.equal(mallory.connection.state, 'connected');
    });
  }
});

function forgeries() {
  const forger = serverSdk({ secret: 'guessed' });
  const stranger = serverSdk({ key: 'another-key' });
  return {
    'a signature made with the wrong secret': (socketId, channel) =>
      forger.authorizeChannel(socketId, channel),
    'a signature for another channel': (socketId, channel) =>
      sdk.authorizeChannel(socketId, `${channel}-of-alice`),
    'a signature for another connection': (socketId, channel) =>
      sdk.authorizeChannel(`1${socketId}`, channel),
    'a signature with the key of another app': (socketId, channel) =>
      stranger.authorizeChannel(socketId, channel),
    'channel data that was not signed': (socketId, channel) => ({
      ...sdk.authorizeChannel(socketId, channel),
      channel_data: '{"device":"phone"}',
    }),
    'a connection without signature': () => ({ auth: '' }),
  };
}
