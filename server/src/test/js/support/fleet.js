/**
 * Many pusher-js clients on one private channel, which write what happens to them, a line each:
 * milliseconds of the clock, number of the client, what, and more of it. End when told to (the end
 * of the standard input).
 *
 *     node support/fleet.js NUMBER-OF-CLIENTS CHANNEL EVENT
 */
import Pusher from 'pusher-js';
import { address, serverSdk } from './clients.js';
import { app } from './server.js';

const [clients, channel, event] = process.argv.slice(2);
const sdk = serverSdk();

const customHandler = ({ socketId, channelName }, callback) =>
  callback(null, sdk.authorizeChannel(socketId, channelName));

for (let number = 0; number < Number(clients); number += 1) {
  const tell = (...what) => process.stdout.write(`${Date.now()} ${number} ${what.join(' ')}\n`);
  const client = new Pusher(app.key, { ...address, channelAuthorization: { customHandler } });
  client.connection.bind('state_change', ({ current }) => tell('state', current));
  client.connection.bind('error', (error) => tell('error', JSON.stringify(error)));
  client
    .subscribe(channel)
    .bind('pusher:subscription_succeeded', () => tell('subscribed'))
    .bind('pusher:subscription_error', (error) => tell('error', JSON.stringify(error)))
    .bind(event, (data) => tell('event', data));
}

process.stdin.on('end', () => process.exit(0)).resume();
