// npm test [-- WORD...]: runs the test files whose name contains one of the words, or all of them,
// against the server that FANFARE_TEST_HOST (127.0.0.1 if not set), FANFARE_TEST_PORT,
// FANFARE_TEST_APP_ID, FANFARE_TEST_APP_KEY and FANFARE_TEST_APP_SECRET point to.
// compression.test.js needs an app that has compression switched on, and origins.test.js one that
// allows pages of https://allowed.example only; history.test.js one with a rule for history that
// covers every channel and replays three events, resume.test.js one with a rule that covers every
// channel, and restart.test.js and restartOfPages.test.js besides a FANFARE_TEST_RESTART_URL that
// restarts the server when it is requested; killedNode.test.js one on two nodes that keep events together, FANFARE_TEST_OTHER_PORT of
// the second one, and FANFARE_TEST_CONTROL_URL, where /kill?ID kills the first one once all clients have
// confirmed that event, and /move moves them to the second; passing.test.js needs no app; all others work with both of the first.
// webhooks.test.js needs one whose webhooks go to http://127.0.0.1:PORT/hook without being held
// back (hold_back_seconds: 0), and FANFARE_TEST_WEBHOOK_PORT with that PORT. tls.test.js needs a
// server with a certificate and tls_only: FANFARE_TEST_CERTIFICATE names the certificate's file, and
// NODE_EXTRA_CA_CERTS that of its authority.
import { once } from 'node:events';
import { readdirSync } from 'node:fs';
import { connect } from 'node:net';
import { basename } from 'node:path';
import { run } from 'node:test';
import { spec as Spec } from 'node:test/reporters';
import { fileURLToPath } from 'node:url';

const FILE_TIMEOUT_MS = 60_000;

const folder = fileURLToPath(new URL('.', import.meta.url));
const words = process.argv.slice(2);
const files = readdirSync(folder)
  .filter((name) => name.endsWith('.test.js'))
  .filter((name) => words.length === 0 || words.some((word) => name.includes(word)))
  .map((name) => folder + name);
const passed = new Map(files.map((file) => [file, 0]));
const failures = [];

if (files.length === 0) {
  stop(`No test file's name contains ${words.join(' or ')}.`);
}
await findServer().catch((error) => stop(error.message));

// pusher-js in Node keeps a timer for 30 s when the server was first to close: no reason to stay
const tests = run({ files, concurrency: 2, timeout: FILE_TIMEOUT_MS, forceExit: true });
tests.on('test:pass', (test) => {
  if (isSingleTest(test)) {
    passed.set(test.file, passed.get(test.file) + 1);
  }
});
tests.on('test:fail', (test) => failures.push(test));
tests.pipe(new Spec()).pipe(process.stdout);
tests.on('end', () => process.nextTick(conclude));

function isSingleTest({ file, name, details, skip }) {
  return details.type !== 'suite' && name !== file && !skip && passed.has(file);
}

function conclude() {
  const idle = files.filter((file) => passed.get(file) === 0).map((file) => basename(file));
  if (idle.length > 0) {
    console.log(`Not one test passed in: ${idle.join(', ')}`);
  }
  const count = [...passed.values()].reduce((sum, one) => sum + one, 0);
  const failed = failures.filter(({ details }) => details.type !== 'suite').length;
  console.log(`${count} passed, ${failed} failed`);
  process.exitCode = failures.length + idle.length > 0 ? 1 : 0;
}

async function findServer() {
  const { server } = await import('./support/server.js');
  const socket = connect(server.port, server.host);
  await once(socket, 'connect').catch((error) => {
    throw new Error(`No server answers at ${server.host}:${server.port}: ${error.message}`);
  });
  socket.destroy();
}

function stop(reason) {
  console.error(reason);
  process.exit(1);
}
