import assert from 'node:assert/strict';
import { createHash, X509Certificate } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { after, before, describe, it } from 'node:test';
import { Application } from './support/application.js';
import { launchBrowser, openPage, pageWith } from './support/browser.js';
import { connect, serverSdk } from './support/clients.js';
import { subscribe } from './support/inbox.js';
import { app, server, unique } from './support/server.js';

const secure = { forceTLS: true, wssPort: server.port };

// The server of these tests accepts TLS only (tls_only).
describe('A server that accepts TLS only', () => {
  it('is reached over wss and https', async (t) => {
    const client = await connect(t, secure);
    const news = await subscribe(client, unique('news'));
    await serverSdk({ useTLS: true }).trigger(news.channel.name, 'headline', 'Grüße');
    assert.equal(await news.next('headline'), 'Grüße');
  });

  it('refuses clients that speak plain text, and they reconnect over TLS', async (t) => {
    const client = await connect(t, { wssPort: server.port });
    const { error } = await client.news.next('error');
    assert.equal(error.data.code, 4000);
    assert.equal(client.connection.usingTLS, true);
  });

  it('answers a publisher that uses plain text with what to do', async () => {
    await assert.rejects(serverSdk().trigger('news', 'headline', ''), ({ status, body }) => {
      assert.equal(status, 426);
      assert.match(body, /only accepts requests over TLS \(tls_only\), so use https/);
      return true;
    });
  });
});

describe('In a browser, over TLS', () => {
  let browser;
  before(async () => {
    const { publicKey } = new X509Certificate(readFileSync(process.env.FANFARE_TEST_CERTIFICATE));
    const spki = publicKey.export({ type: 'spki', format: 'der' });
    const hash = createHash('sha256').update(spki).digest('base64');
    browser = await launchBrowser(`--ignore-certificate-errors-spki-list=${hash}`);
  });
  after(() => browser?.close());

  it('a page connects and gets events', async (t) => {
    const application = await Application.start(t, {
      files: pageWith('pusher-js/dist/web/pusher.js'),
    });
    const page = await openPage(t, browser, application);
    const address = { cluster: 'unused', wsHost: server.host, enableStats: false, ...secure };
    await page.remote.connect(app.key, address);
    assert.match(page.sockets[0], new RegExp(`^wss://${server.host}:${server.port}/app/`));
    const news = unique('news');
    await page.remote.subscribe(news);
    await serverSdk({ useTLS: true }).trigger(news, 'headline', { text: 'Grüße' });
    assert.deepEqual(await page.remote.next(news, 'headline'), { text: 'Grüße' });
  });

  it('a page connects with the cluster of docs/flutter.md', async (t) => {
    const application = await Application.start(t, {
      files: pageWith('pusher-js/dist/web/pusher.js'),
    });
    const page = await openPage(t, browser, application);
    const cluster = `x@${server.host}:${server.port}/app/${app.key}?protocol=7&x=`;
    await page.remote.connect(app.key, { cluster }); // the plugin passes no other option on the web
    const news = unique('news');
    await page.remote.subscribe(news);
    await serverSdk({ useTLS: true }).trigger(news, 'headline', { text: 'Grüße' });
    assert.deepEqual(await page.remote.next(news, 'headline'), { text: 'Grüße' });
  });
});
