// Runs in the pages of the tests, after pusher-js, and controls the client for the tests.
import { listen, subscribe } from '/inbox.js';

const inboxes = new Map();
let client;

window.remote = {
  async connect(key, options) {
    client = new window.Pusher(key, options);
    inboxes.set('connection', listen(client.connection, 'the connection'));
    await inboxes.get('connection').next('connected');
    return client.connection.socket_id;
  },

  /** The error that a refused client gets, and its states from `connecting` on. */
  async refused(key, options) {
    client = new window.Pusher(key, options);
    const news = listen(client.connection, 'the connection');
    const { data } = (await news.next('error')).error ?? {};
    await news.next('disconnected');
    return { ...data, states: news.all('state_change').map(({ current }) => current) };
  },

  async subscribe(channel) {
    inboxes.set(channel, await subscribe(client, channel));
  },

  trigger(channel, event, data) {
    return client.channel(channel).trigger(event, data);
  },

  /** The data of the next event of a channel, or of the connection. */
  next(source, event) {
    return inboxes.get(source).next(event);
  },

  /** What a WebSocket to this address agrees on with the server. */
  extensions(url) {
    return new Promise((resolve, reject) => {
      const socket = new WebSocket(url);
      socket.onerror = () => reject(new Error(`No WebSocket at ${url}`));
      socket.onopen = () => {
        resolve(socket.extensions);
        socket.close();
      };
    });
  },

  names(source) {
    return inboxes.get(source).names;
  },

  members(channel) {
    const { members, me } = client.channel(channel).members;
    return { ids: Object.keys(members).sort(), me: me.id };
  },
};
