import { createHmac } from 'node:crypto';
import Pusher from 'pusher-js';
import { address, serverSdk } from '../support/clients.js';
import { within } from '../support/inbox.js';
import { app, settle } from '../support/server.js';

/** Clients and a publisher of one app, whose doings the console shows. */
export class Traffic {
  /** A channel whose signature is wrong. */
  forbidden = 'private-forbidden';
  /** The path of the app's screens. */
  screens = `/apps/${app.id}`;
  #sdk = serverSdk();
  #clients = [];
  #signers = new Map();

  /** Two clients on `private-orders.1`, and one in `presence-room.3` with a strange user id. */
  static async start(strangeUser) {
    const traffic = new Traffic();
    for (const user of [strangeUser, 'ann']) {
      await traffic.#connect(user);
    }
    return traffic;
  }

  async #connect(user) {
    const authorize = ({ channelName, socketId }, done) => {
      if (this.#signers.has(channelName)) {
        done(null, { auth: `${app.key}:${this.#signers.get(channelName)(channelName, socketId)}` });
        return;
      }
      const member = channelName.startsWith('presence-') ? { user_id: user } : undefined;
      const signed = this.#sdk.authorizeChannel(socketId, channelName, member);
      done(null, channelName.startsWith(this.forbidden) ? { ...signed, auth: `${app.key}:${'0'.repeat(64)}` } : signed);
    };
    const authenticate = ({ socketId }, done) =>
      done(null, this.#sdk.authenticateUser(socketId, { id: `${this.#clients.length}` }));
    const client = new Pusher(app.key, {
      ...address,
      channelAuthorization: { customHandler: authorize },
      userAuthentication: { customHandler: authenticate },
    });
    this.#clients.push(client);
    await happens(client.connection, 'connected');
    client.signin();
    await within(client.user.signinDonePromise, () => 'the sign-in');
    await happens(client.subscribe('private-orders.1'), 'pusher:subscription_succeeded');
    await happens(client.subscribe('presence-room.3'), 'pusher:subscription_succeeded');
    await happens(client.subscribe(this.forbidden), 'pusher:subscription_error');
    client.subscribe(user);
    await happens(client.subscribe('..'), 'pusher:subscription_succeeded');
  }

  /** The HMAC of a text, with the secret of an app. */
  signature(text, secret = app.secret) {
    return createHmac('sha256', secret).update(text).digest('hex');
  }

  /** Subscribes with what `signer(channel, socket)` returns, which is wrong; returns the connection's id. */
  async sign(channel, signer) {
    this.#signers.set(channel, signer);
    await happens(this.#clients.at(-1).subscribe(channel), 'pusher:subscription_error');
    return this.socket;
  }

  /** The id of one connection. */
  get socket() {
    return this.#clients.at(-1).connection.socket_id;
  }

  /** The id of the other connection. */
  get other() {
    return this.#clients[0].connection.socket_id;
  }

  /** The user that the same connection has signed in as. */
  get user() {
    return `${this.#clients.length}`;
  }

  /** The data of the next event on a channel. */
  next(channel, event) {
    return within(new Promise((done) => this.#clients.at(-1).channel(channel).bind(event, done)), () => event);
  }

  /** Waits until the same client has another connection, and has signed in. */
  async connected() {
    const client = this.#clients.at(-1);
    await happens(client.connection, 'connected');
    await within(client.user.signinDonePromise, () => 'the sign-in');
  }

  async publish(channel, event, data) {
    await settle();
    await this.#sdk.trigger(channel, event, data);
  }

  /** A moment in the life of a shop. */
  async bustle() {
    const buyer = this.#clients.at(-1);
    for (const name of ['private-orders.17', 'private-orders.42', 'presence-support']) {
      await happens(buyer.subscribe(name), 'pusher:subscription_succeeded');
    }
    await this.publish('private-orders.42', 'OrderPaid', { order: 42, total: '118.40', currency: 'EUR' });
    await this.publish('private-orders.17', 'OrderShipped', { order: 17, parcels: 2 });
    buyer.channel('presence-support').trigger('client-typing', { in: 'support' });
    await happens(buyer.subscribe(`${this.forbidden}-drafts.9`), 'pusher:subscription_error');
    await this.publish('presence-support', 'Answered', { by: 'Kim' });
    buyer.unsubscribe('private-orders.42');
    await this.publish('private-order.17', 'OrderShipped', { order: 17, parcels: 1 });
  }

  stop() {
    this.#clients.forEach((client) => client.disconnect());
  }
}

function happens(source, event) {
  return within(new Promise((done) => source.bind(event, done)), () => event);
}
