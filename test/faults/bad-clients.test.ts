import { test } from 'node:test';
import { standTheCrowd } from './bad-clients.ts';

test('300 idle, 20 slow and 20 deaf clients do not stand in the way of others', { timeout: 120_000 }, async () => {
  const crowd = { idle: 300, slowHeads: 20, slowBodies: 20, neverRead: 20 };
  await standTheCrowd(crowd, { p99Ratio: 6, growthBytesPerWorker: 150 * 2 ** 20 });
});
