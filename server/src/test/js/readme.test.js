import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { after, before, describe, it } from 'node:test';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { Application } from './support/application.js';
import { launchBrowser } from './support/browser.js';
import { serverSdk } from './support/clients.js';
import { Inbox } from './support/inbox.js';
import { app, server } from './support/server.js';

const README = readFileSync(new URL('../../../../README.md', import.meta.url), 'utf8');
const HERE = fileURLToPath(new URL('.', import.meta.url));
const { resolve } = createRequire(import.meta.url);
const sdk = serverSdk();

/** The only snippet of that language with that text, for the server under test. */
function snippet(language, text) {
  const blocks = [...README.matchAll(/^```(\w+)\n([^]*?)^```$/gm)];
  const found = blocks.filter(([, word, code]) => word === language && code.includes(text));
  assert.equal(found.length, 1, `snippets of ${language} with ${text}`);
  return found[0][2]
    .replaceAll('"KEY"', `"${app.key}"`)
    .replaceAll('"SECRET"', `"${app.secret}"`)
    .replaceAll('"ID"', `"${app.id}"`)
    .replaceAll('6001', String(server.port))
    .replaceAll('"localhost"', `"${server.host}"`);
}

async function isOccupied(channel) {
  const answer = await sdk.get({ path: `/channels/${channel}` });
  return (await answer.json()).occupied;
}

/** Each program's output has a line per event, so the tests wait for a subscription here. */
async function occupied(channel) {
  for (let i = 0; i < 400; i += 1) {
    if (await isOccupied(channel)) {
      return;
    }
    await new Promise((later) => setTimeout(later, 100));
  }
  assert.fail(`nothing has subscribed to ${channel}`);
}

describe('The snippets of the README', () => {
  let browser;
  before(async () => (browser = await launchBrowser()));
  after(() => browser?.close());

  it('pusher-js gets what the Node SDK publishes', async (t) => {
    const subscriber = run(t, 'module', snippet('js', 'pusher.subscribe('));
    await occupied('my-channel');
    run(t, 'commonjs', snippet('js', 'pusher.trigger('));
    assert.equal(await subscriber.next('line'), "{ hello: 'world' }");
  });

  it('the page shows an event', async (t) => {
    const folder = mkdtempSync(join(tmpdir(), 'fanfare-page-'));
    writeFileSync(join(folder, 'page.html'), snippet('html', 'my-event'));
    const tab = await open(t, browser, pathToFileURL(join(folder, 'page.html')).href);
    await tab.getByText('connected').waitFor();
    await occupied('my-channel');
    await sdk.trigger('my-channel', 'my-event', { hello: 'world' });
    await tab.getByText('{"hello":"world"}').waitFor();
  });

  it('Echo hears an event on a private channel', async (t) => {
    const imports = { 'laravel-echo': '/echo.js', 'pusher-js': '/pusher-module.js' };
    const javascript = (text) => ({ type: 'text/javascript; charset=utf-8', text });
    const application = await Application.start(t, {
      files: {
        '/': {
          type: 'text/html',
          text: `<!doctype html><script type="importmap">${JSON.stringify({ imports })}</script>
            <script src="/pusher.js"></script><script type="module" src="/snippet.js"></script>`,
        },
        '/echo.js': javascript(readFileSync(resolve('laravel-echo').replace('.common.js', '.js'))),
        '/pusher.js': javascript(readFileSync(resolve('pusher-js/dist/web/pusher.js'))),
        '/pusher-module.js': javascript('const { Pusher } = window; export default Pusher;'),
        '/snippet.js': javascript(snippet('js', 'new Echo(')),
      },
    });
    const tab = await open(t, browser, application.url);
    await occupied('private-orders.1');
    await sdk.trigger('private-orders.1', 'App\\Events\\OrderShipped', { id: 1 });
    assert.equal(await tab.inbox.next('console'), '{id: 1}');
  });
});

/** Runs JavaScript with the packages of this folder; what it prints is in the inbox, by line. */
function run(t, type, code) {
  const program = spawn('node', [`--input-type=${type}`, '-e', code], {
    cwd: HERE,
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  t.after(() => program.kill());
  const inbox = new Inbox('the output of the snippet');
  createInterface(program.stdout).on('line', inbox.as('line'));
  return inbox;
}

/** A tab with pusher-js in place of the official CDN, and a backend that lets everyone join. */
async function open(t, browser, url) {
  const context = await browser.newContext();
  t.after(() => context.close());
  context.setDefaultTimeout(45_000);
  const tab = await context.newPage();
  tab.inbox = new Inbox('the console');
  tab.on('console', (message) => tab.inbox.as('console')(message.text()));
  await context.route('https://js.pusher.com/**', (route) =>
    route.fulfill({ path: resolve('pusher-js/dist/web/pusher.js') }),
  );
  await context.route('**/broadcasting/auth', (route) => {
    const fields = new URLSearchParams(route.request().postData());
    const answer = sdk.authorizeChannel(fields.get('socket_id'), fields.get('channel_name'));
    return route.fulfill({ json: answer });
  });
  await tab.goto(url);
  return tab;
}
