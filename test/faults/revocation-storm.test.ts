import { test } from 'node:test';
import { startServer } from '../support/start-server.ts';
import { revocationStorm, STORM_LIMITS } from './revocation-storm.ts';

test('of fifty keys in use none is accepted once its revocation was answered', { timeout: 180_000 }, async () => {
  await using server = await startServer({ workers: 3, args: STORM_LIMITS });
  await revocationStorm(server, [server], { ownKeys: 32, users: 18, thinkMs: 40 });
});
