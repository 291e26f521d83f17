import { test } from 'node:test';
import { shareCeph, TEST_POOL } from '../support/ceph.ts';
import { revocationStorm, STORM_LIMITS } from './revocation-storm.ts';
import { startTwoGateways } from './two-gateways.ts';

const FIFTY = { ownKeys: 32, users: 18, thinkMs: 80 };

test('of fifty keys in use on two gateways none is accepted once one of them answered its revocation', {
  timeout: 900_000,
}, async () => {
  await using deployed = await startTwoGateways(STORM_LIMITS);
  const { gateways } = deployed;
  await revocationStorm(gateways[0], gateways, FIFTY);
});

test('the same on PostgreSQL and RADOS', { timeout: 900_000 }, async () => {
  await using ceph = await shareCeph();
  const blobs = `rados://${TEST_POOL}?conf=${ceph.confFile}&id=admin&namespace=storm`;
  await using deployed = await startTwoGateways(STORM_LIMITS, blobs);
  const { gateways } = deployed;
  await revocationStorm(gateways[0], gateways, FIFTY);
});
