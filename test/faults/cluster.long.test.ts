import { test } from 'node:test';
import { ALL_FAULTS, clusterRounds, startTestDeployment } from './cluster-rounds.ts';

const ROUNDS = 20;

test('20 rounds of killing parts of a deployment: nothing acknowledged is lost', { timeout: 5_400_000 }, async (t) => {
  await using deployment = await startTestDeployment();
  const faults = Array.from({ length: ROUNDS }, (_, round) => ALL_FAULTS[round % ALL_FAULTS.length] ?? []);
  await clusterRounds(t, deployment, faults);
});
