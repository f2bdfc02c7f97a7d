import { accessSync, constants, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { delimiter, join } from 'node:path';
import { chromium } from 'playwright-core';

const PROGRAMS = ['chromium', 'chromium-browser', 'google-chrome'];
const FLAGS = [
  '--no-sandbox', // builds run as root, where Chromium's sandbox cannot
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
];
const NO_OTHER_HOST = 'MAP * ~NOTFOUND, EXCLUDE 127.0.0.1, EXCLUDE localhost';
const DEADLINE_MS = 45_000;

/** The installed Chromium, headless. It finds no host but this one. */
export function launchBrowser(...flags) {
  return launch(NO_OTHER_HOST, flags);
}

/** The same, but with a host name that means this machine. */
export function launchBrowserWithHost(name, ...flags) {
  return launch(`MAP ${name} 127.0.0.1, ${NO_OTHER_HOST}`, flags);
}

function launch(hostRules, flags) {
  const args = [...FLAGS, `--host-resolver-rules=${hostRules}`, ...flags];
  return chromium.launch({ executablePath: findChromium(), args });
}

/** The files of an application whose page loads the given scripts of npm packages. */
export function pageWith(...packageFiles) {
  const { resolve } = createRequire(import.meta.url);
  const scripts = packageFiles.map((file) => `<script src="/${file}"></script>`).join('');
  const page = `<!doctype html><title>A page</title>${scripts}
    <script type="module" src="/remote.js"></script>`;
  const files = { '/': { type: 'text/html', text: page } };
  for (const own of ['inbox.js', 'remote.js']) {
    files[`/${own}`] = script(new URL(own, import.meta.url));
  }
  for (const file of packageFiles) {
    files[`/${file}`] = script(resolve(file));
  }
  return files;
}

/**
 * Opens the application's page in a separate browser profile. The methods of `remote` run in
 * there; `requests` and `sockets` are the addresses that the page has asked for.
 */
export async function openPage(t, browser, application) {
  const context = await browser.newContext();
  t.after(() => context.close());
  context.setDefaultTimeout(DEADLINE_MS);
  const tab = await context.newPage();
  const [requests, sockets] = [[], []];
  tab.on('request', (request) => requests.push(request.url()));
  tab.on('websocket', (socket) => sockets.push(socket.url()));
  await tab.goto(application.url);
  const remote = new Proxy(
    {},
    {
      get:
        (_, method) =>
        (...args) =>
          tab.evaluate(([name, values]) => window.remote[name](...values), [method, args]),
    },
  );
  return { context, tab, remote, requests, sockets };
}

function script(file) {
  return { type: 'text/javascript; charset=utf-8', text: readFileSync(file) };
}

function findChromium() {
  const folders = process.env.PATH.split(delimiter);
  const paths = PROGRAMS.flatMap((program) => folders.map((folder) => join(folder, program)));
  const found = paths.find(isExecutable);
  if (!found) {
    throw new Error('Chromium is not installed; setup.sh installs it');
  }
  return found;
}

function isExecutable(path) {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}
