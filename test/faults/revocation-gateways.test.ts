import { test } from 'node:test';
import { revocationStorm, STORM_LIMITS } from './revocation-storm.ts';
import { startTwoGateways } from './two-gateways.ts';

test('a revocation answered by one of two gateways holds on both from then on', { timeout: 240_000 }, async () => {
  await using deployed = await startTwoGateways(STORM_LIMITS);
  const { gateways } = deployed;
  await revocationStorm(gateways[0], gateways, { ownKeys: 8, users: 4, thinkMs: 60 });
});
