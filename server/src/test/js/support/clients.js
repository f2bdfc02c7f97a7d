import Pusher from 'pusher-js';
import ServerSdk from 'pusher';
import { app, server, settle } from './server.js';
import { listen } from './inbox.js';

/** How a pusher-js client finds the server, in a browser as well as here. */
export const address = {
  cluster: 'unused',
  wsHost: server.host,
  wsPort: server.port,
  httpHost: server.host,
  httpPort: server.port,
  forceTLS: false,
  enabledTransports: server.transport ? [server.transport] : ['ws', 'wss'],
  enableStats: false,
};

/** A pusher-js client that is connecting, and is closed after the test. */
export function startClient(t, options = {}, key = app.key) {
  const client = new Pusher(key, { ...address, ...options });
  t.after(() => client.disconnect());
  return client;
}

/** A pusher-js client that is connected. Its connection's inbox is `client.news`. */
export async function connect(t, options = {}) {
  const client = startClient(t, options);
  client.news = listen(client.connection, 'the connection');
  await client.news.next('connected');
  return client;
}

/** The Node SDK for the server's HTTP API. */
export function serverSdk(options = {}) {
  const sdk = new ServerSdk({
    appId: app.id,
    key: app.key,
    secret: app.secret,
    host: server.host,
    port: server.port,
    useTLS: false,
    ...options,
  });
  for (const method of ['get', 'post']) {
    const send = sdk[method].bind(sdk);
    sdk[method] = async (request) => {
      await settle();
      return send(request);
    };
  }
  return sdk;
}

/** The JSON body of an answer that the Node SDK returned. */
export async function bodyOf(answer) {
  return (await answer).json();
}
