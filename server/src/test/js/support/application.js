import { createServer } from 'node:http';
import { text } from 'node:stream/consumers';
import { serverSdk } from './clients.js';
import { settle } from './server.js';

/**
 * The part of a web application that Pusher clients talk to: it knows its users by a bearer token,
 * which is simply their name, and signs for them with the Node SDK.
 */
export class Application {
  /** Every request for a signature: path, content type, user and the fields of the body. */
  requests = [];

  #http = createServer((request, response) => this.#answer(request, response));

  /**
   * @param sdk signs; the default is the server's own app
   * @param allows decides whether a user may join a channel
   * @param memberData what the application says about a user of a channel, if anything
   * @param watchlists lists of user names by the name of the user who watches them
   * @param files content type and text by path, for pages
   */
  constructor({ sdk, allows, memberData, watchlists, files } = {}) {
    this.sdk = sdk ?? serverSdk();
    this.allows = allows ?? (() => true);
    this.memberData = memberData ?? profileOnPresenceChannels;
    this.watchlists = watchlists ?? {};
    this.files = files ?? {};
  }

  static async start(t, options) {
    const application = new Application(options);
    await new Promise((started) => application.#http.listen(0, '127.0.0.1', started));
    t.after(() => application.#stop());
    return application;
  }

  get url() {
    return `http://127.0.0.1:${this.#http.address().port}`;
  }

  /** Options with which a pusher-js client speaks to this application as the given user. */
  clientOptions(user) {
    const headers = { Authorization: `Bearer ${user}` };
    return {
      channelAuthorization: { endpoint: `${this.url}/broadcasting/auth`, headers },
      userAuthentication: { endpoint: `${this.url}/broadcasting/user-auth`, headers },
    };
  }

  async #answer(request, response) {
    if (request.method === 'GET') {
      const { type, text: content } = this.files[request.url] ?? {};
      response
        .writeHead(content ? 200 : 404, { 'Content-Type': type ?? 'text/plain' })
        .end(content);
      return;
    }
    const contentType = request.headers['content-type'] ?? '';
    const fields = parse(contentType, await text(request));
    const user = /^Bearer (.+)$/.exec(request.headers.authorization)?.[1];
    this.requests.push({ path: request.url, contentType, user, fields });
    await settle();
    const answer = user && this.#sign(request.url, user, fields);
    if (answer) {
      response.writeHead(200, { 'Content-Type': 'application/json' }).end(JSON.stringify(answer));
    } else {
      response.writeHead(403, { 'Content-Type': 'text/plain' }).end('Forbidden');
    }
  }

  #sign(path, user, { socket_id: socketId, channel_name: channel }) {
    if (path === '/broadcasting/user-auth') {
      const watchlist = this.watchlists[user];
      return this.sdk.authenticateUser(socketId, { ...profile(user), watchlist });
    }
    if (path === '/broadcasting/auth' && this.allows(user, channel)) {
      return this.sdk.authorizeChannel(socketId, channel, this.memberData(user, channel));
    }
    return undefined;
  }

  #stop() {
    this.#http.closeAllConnections();
    return new Promise((stopped) => this.#http.close(stopped));
  }
}

function profile(user) {
  return { id: user, user_info: { name: `The one called ${user}` } };
}

function profileOnPresenceChannels(user, channel) {
  const { id, user_info } = profile(user);
  return channel.startsWith('presence-') ? { user_id: id, user_info } : undefined;
}

function parse(contentType, body) {
  return contentType.startsWith('application/json')
    ? JSON.parse(body)
    : Object.fromEntries(new URLSearchParams(body));
}
