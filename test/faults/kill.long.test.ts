import { test } from 'node:test';
import { killRounds } from './kill-rounds.ts';

test('200 rounds of kill -9: acknowledged is whole, unacknowledged never torn', { timeout: 3_600_000 }, async (t) => {
  await killRounds(t, 200);
});
