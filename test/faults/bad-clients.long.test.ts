import { test } from 'node:test';
import { standTheCrowd } from './bad-clients.ts';

test('10,000 idle, 100 slow and 100 deaf clients: the p99 of others stays under 3×', { timeout: 600_000 }, async () => {
  const crowd = { idle: 10_000, slowHeads: 100, slowBodies: 100, neverRead: 100 };
  await standTheCrowd(crowd, { p99Ratio: 3, growthBytesPerWorker: 600 * 2 ** 20 });
});
