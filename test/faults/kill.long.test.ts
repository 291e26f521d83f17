import { test } from 'node:test';
import { killRounds } from './kill-rounds.ts';

test('50 rounds of kill -9: acknowledged is whole, unacknowledged never torn', { timeout: 1_800_000 }, async (t) => {
  await killRounds(t, 50);
});
