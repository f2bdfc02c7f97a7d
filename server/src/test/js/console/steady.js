// Keeps the live view open under load, for FANFARE_TEST_SECONDS. Prints what it costs the page: how much
// its heap has grown, and the part of the time that long tasks took.
import assert from 'node:assert/strict';
import { after, before, it } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { serverSdk } from '../support/clients.js';
import { app } from '../support/server.js';
import { Visitor } from './visitor.js';

const SECONDS = Number(process.env.FANFARE_TEST_SECONDS);
const SETTLED_S = Math.min(30, SECONDS / 2);
const BATCH = 10;
const PERIOD_MS = 40; // 250 events a second, of which the stream shows 200
const MAX_ROWS = 500;

let visitor;
let publishing;

before(async () => {
  visitor = await Visitor.start();
});

after(async () => {
  clearInterval(publishing);
  await visitor?.leave();
});

it('is open for long while a lot happens', async () => {
  const sdk = serverSdk();
  const events = Array.from({ length: BATCH }, (_, i) => ({
    channel: `orders.${i}`,
    name: 'OrderShipped',
    data: JSON.stringify({ text: 'x'.repeat(200) }),
  }));
  publishing = setInterval(() => sdk.triggerBatch(events).catch(() => {}), PERIOD_MS);
  const tab = await visitor.logIn();
  await tab.goto(`${visitor.origin}/apps/${app.id}/live`);
  await tab.getByRole('row', { name: /OrderShipped/ }).first().waitFor();
  await tab.evaluate(() => {
    window.longTasksMs = 0;
    const add = (list) => list.getEntries().forEach((task) => (window.longTasksMs += task.duration));
    new PerformanceObserver(add).observe({ type: 'longtask' });
  });
  const devTools = await tab.context().newCDPSession(tab);
  const heap = async () => {
    await devTools.send('HeapProfiler.collectGarbage');
    return (await devTools.send('Runtime.getHeapUsage')).usedSize;
  };
  await sleep(SETTLED_S * 1_000);
  const heapBefore = await heap();
  const longBefore = await tab.evaluate(() => window.longTasksMs);
  await sleep((SECONDS - SETTLED_S) * 1_000);
  const grown = (await heap()) - heapBefore;
  const long = (await tab.evaluate(() => window.longTasksMs)) - longBefore;
  const rows = await tab.getByRole('row').count();
  assert.ok(rows > 20 && rows <= MAX_ROWS, `${rows} rows`);
  const percent = (long / (SECONDS - SETTLED_S) / 10).toFixed(1);
  console.log(`report: in ${SECONDS - SETTLED_S} s the heap has grown by ${Math.round(grown / 1_024)} KiB`);
  console.log(`report: to ${Math.round((heapBefore + grown) / 1_024)} KiB; long tasks took ${percent} % of the time`);
  await tab.close();
});
