// A bucket of 1,000,000 objects in one folder: it opens at once, scrolls smoothly, and any of them is found.
import assert from 'node:assert/strict';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import type { Page } from 'playwright-core';
import { startServer } from '../support/start-server.ts';
import { openBrowser } from './support/chromium.ts';
import { signInAsRoot } from './support/console-page.ts';
import { row, storageOf } from './support/objects.ts';
import { seedObjects } from './support/seed-objects.ts';

const COUNT = 1_000_000;
const FIRST_ROWS_MS = 500;
const FRAME_MS = 1000 / 60;

/** From the press on the bucket's name until its rows stand on the page. */
async function openTimed(page: Page, bucket: string): Promise<number> {
  await page.evaluate(() => {
    const started = Promise.withResolvers<number>();
    addEventListener('click', () => started.resolve(performance.now()), { capture: true, once: true });
    const shown = new Promise<number>((resolve) => {
      const look = () =>
        document.querySelector('[role=grid] [role=row][aria-selected]') === null
          ? requestAnimationFrame(look)
          : requestAnimationFrame((time) => resolve(time));
      look();
    });
    Object.assign(window, { opened: Promise.all([started.promise, shown]).then(([from, to]) => to - from) });
  });
  await page.getByRole('link', { name: bucket, exact: true }).click();
  return page.evaluate<number>('window.opened');
}

/** Lengths of the frames while the list is scrolled for two seconds. */
async function scrollFrames(page: Page): Promise<number[]> {
  return page.evaluate(async () => {
    const grid = document.querySelector('[role=grid]');
    if (grid === null) throw new Error('there is no grid');
    const frames: number[] = [];
    let before = await new Promise<number>(requestAnimationFrame);
    const end = before + 2000;
    while (before < end) {
      grid.scrollTop += 60;
      const now = await new Promise<number>(requestAnimationFrame);
      frames.push(now - before);
      before = now;
    }
    return frames;
  });
}

test('a bucket of 1,000,000 objects shows its first rows within 500 ms, scrolls at 60 fps and is sought by prefix', async (t) => {
  const dataDir = await mkdtemp(join(tmpdir(), 'vstorage-million-'));
  try {
    await using first = await startServer({ dataDir, workers: 1 });
    await using chrome = await openBrowser(first);
    const setUp = await (await chrome.newContext()).newPage();
    await signInAsRoot(setUp, first);
    await (await storageOf(setUp)).createBucket('million');
    await first.stop();
    await seedObjects(dataDir, 'million', COUNT);

    await using server = await startServer({ dataDir, workers: 1 });
    await using browser = await openBrowser(server);
    const page = await (await browser.newContext()).newPage();
    await signInAsRoot(page, server);
    const { projectId } = await storageOf(page);
    const times: number[] = [];
    for (let round = 0; round < 5; round++) {
      await page.goto(`/projects/${projectId}/buckets`);
      await page.getByRole('row', { name: /1,000,000/ }).waitFor();
      times.push(Math.round(await openTimed(page, 'million')));
    }
    const fastest = Math.min(...times);
    t.diagnostic(`first rows after ${times.join(', ')} ms`);
    // other programs run on the machine: the fastest of a few tells what the console needs
    assert.ok(fastest < FIRST_ROWS_MS, `first rows after ${fastest} ms`);

    const frames = await scrollFrames(page);
    const median = frames.toSorted((a, b) => a - b)[Math.floor(frames.length / 2)] ?? 0;
    const late = frames.filter((ms) => ms > 3 * FRAME_MS).length;
    t.diagnostic(`${frames.length} frames, median ${median.toFixed(1)} ms, ${late} of them late`);
    assert.ok(median < FRAME_MS * 1.1, `the median frame took ${median} ms`);
    // the frames above end within the first page of the listing: its end asks for the next
    await page.getByRole('grid').evaluate((grid) => grid.scrollTo({ top: grid.scrollHeight }));
    await page.getByText(/[2-9],000 items so far/).waitFor();

    await page.getByLabel('Find by prefix').fill('photo-09999');
    await page.getByLabel('Find by prefix').press('Enter');
    await row(page, 'photo-0999900.jpg').waitFor();
    await page.getByText('100 items').waitFor();
  } finally {
    await rm(dataDir, { recursive: true, force: true, maxRetries: 5 });
  }
});
