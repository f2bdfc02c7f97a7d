// node support/mailbox.js CHANNEL: pusher-js as the device `js`. Prints the data of each event "e" of
// a private channel as a line, until it is killed, however often the server is not there.
import { createHmac } from 'node:crypto';
import Pusher from 'pusher-js';
import { address } from './clients.js';
import { app } from './server.js';

const [name] = process.argv.slice(2);

const client = new Pusher(`${app.key}/js`, {
  ...address,
  channelAuthorization: {
    customHandler: ({ socketId, channelName }, callback) => {
      const signature = createHmac('sha256', app.secret).update(`${socketId}:${channelName}`);
      callback(null, { auth: `${app.key}:${signature.digest('hex')}` });
    },
  },
});
client.subscribe(name).bind('e', (data) => console.log(data));
