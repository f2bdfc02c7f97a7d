import assert from 'node:assert/strict';
import { readFileSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { launchBrowser } from '../support/browser.js';

const AXE = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');
const DEADLINE_MS = Number(process.env.FANFARE_TEST_DEADLINE ?? 45_000);
export const PICTURES = process.env.FANFARE_TEST_PICTURES;

/** A user who looks at the console with a browser, and notes what should not be. */
export class Visitor {
  /** What the browser has complained about, and requests to others. */
  complaints = [];
  #link = process.env.FANFARE_TEST_CONSOLE_URL;
  #browser;
  #context;
  #isForgotten = false;

  static async start() {
    const visitor = new Visitor();
    visitor.#browser = await launchBrowser();
    visitor.#context = await visitor.#profile();
    return visitor;
  }

  get origin() {
    return new URL(this.#link).origin;
  }

  async #profile() {
    const context = await this.#browser.newContext({ viewport: { width: 1280, height: 800 } });
    context.setDefaultTimeout(DEADLINE_MS);
    await context.addInitScript(() =>
      document.addEventListener('securitypolicyviolation', (event) =>
        console.error(`CSP: ${event.violatedDirective} ${event.blockedURI}`),
      ),
    );
    context.on('request', (request) => {
      const { origin, protocol } = new URL(request.url());
      if (origin !== this.origin && protocol !== 'data:') {
        this.complaints.push(`asked ${request.url()}`);
      }
    });
    context.on('console', (message) => this.#note(message.text(), message.location().url));
    context.on('weberror', (failure) => this.complaints.push(String(failure.error())));
    return context;
  }

  /**
   * Without a session, and with a used link, 401 is the right answer, which Chromium mentions, as it
   * does requests that a test has aborted.
   */
  #note(text, url) {
    const isRefused = text.includes('401') && (/\/api\/(me|login)$/.test(url) || this.#isForgotten);
    if (!isRefused && !text.includes('net::ERR_FAILED')) {
      this.complaints.push(`${text} (${url})`);
    }
  }

  /** Uses the link that the server has printed. */
  async logIn() {
    const tab = await this.#context.newPage();
    await tab.goto(this.#link);
    await tab.getByRole('heading', { name: 'Overview' }).waitFor();
    return tab;
  }

  /** Uses it once more, in another browser. */
  async stranger() {
    const tab = await (await this.#profile()).newPage();
    await tab.goto(this.#link);
    return tab;
  }

  async open(path) {
    const tab = await this.#context.newPage();
    await tab.goto(this.origin + path);
    return tab;
  }

  /** Loses the session. */
  async forgets() {
    this.#isForgotten = true;
    await this.#context.clearCookies();
  }

  /** In both colour schemes; takes pictures of them if there is a folder for that. */
  async isAccessible(tab, name) {
    for (const [colorScheme, runOnly] of [['dark', ['color-contrast']], ['light', undefined]]) {
      await tab.emulateMedia({ colorScheme });
      await this.picture(tab, `${name}-${colorScheme}`);
      await tab.evaluate(`window.axe || (() => { ${AXE} })()`);
      const { violations } = await tab.evaluate(
        (options) => window.axe.run(options),
        { resultTypes: ['violations'], ...(runOnly && { runOnly }) },
      );
      const found = violations.map(({ id, help, nodes }) => `${id}: ${help}\n  ${nodes.map((node) => `${node.html} ${node.failureSummary}`).join('\n  ')}`);
      assert.deepEqual(found, [], `${name} in ${colorScheme}`);
    }
  }

  async picture(tab, name) {
    if (PICTURES) {
      await tab.evaluate('new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)))');
      await tab.screenshot({ path: join(PICTURES, `${name}.png`) });
    }
  }

  /** A small picture for a page of the documentation. */
  async illustrate(tab, name) {
    const png = await tab.screenshot();
    const canvas = await this.#context.newPage();
    const webp = await canvas.evaluate(async (source) => {
      const image = new Image();
      image.src = source;
      await image.decode();
      const sheet = Object.assign(document.createElement('canvas'), { width: image.width, height: image.height });
      sheet.getContext('2d').drawImage(image, 0, 0);
      return sheet.toDataURL('image/webp', 0.8).split(',')[1];
    }, `data:image/png;base64,${png.toString('base64')}`);
    await canvas.close();
    writeFileSync(join(PICTURES, `${name}.webp`), Buffer.from(webp, 'base64'));
  }

  leave() {
    return this.#browser.close();
  }
}
