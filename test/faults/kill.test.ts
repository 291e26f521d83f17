import { test } from 'node:test';
import { killRounds } from './kill-rounds.ts';

test('4 rounds of kill -9: acknowledged is whole, unacknowledged never torn', { timeout: 180_000 }, async (t) => {
  await killRounds(t, 4);
});
