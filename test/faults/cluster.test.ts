import { after, test } from 'node:test';
import { clusterRounds, startTestDeployment } from './cluster-rounds.ts';

const deployment = await startTestDeployment();
after(() => deployment[Symbol.asyncDispose]());

test('an OSD and the primary die, then a gateway and the primary: nothing acknowledged is lost', async (t) => {
  await clusterRounds(t, deployment, [
    ['OSD', 'primary'],
    ['primary', 'gateway'],
  ]);
});
