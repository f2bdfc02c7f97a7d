/**
 * Many pusher-js clients on one private channel. Each event of a client is printed on one line:
 * milliseconds of the clock, number of the client, kind of event, details. Exits at the end of the
 * standard input.
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
  const print = (...what) => process.stdout.write(`${Date.now()} ${number} ${what.join(' ')}\n`);
  const client = new Pusher(app.key, { ...address, channelAuthorization: { customHandler } });
  client.connection.bind('state_change', ({ current }) => print('state', current));
  client.connection.bind('error', (error) => print('error', JSON.stringify(error)));
  client
    .subscribe(channel)
    .bind('pusher:subscription_succeeded', () => print('subscribed'))
    .bind('pusher:subscription_error', (error) => print('error', JSON.stringify(error)))
    .bind(event, (data) => print('event', data));
}

process.stdin.on('end', () => process.exit(0)).resume();
