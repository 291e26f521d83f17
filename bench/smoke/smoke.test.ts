import assert from 'node:assert/strict';
import { test } from 'node:test';
import { readResults, RESULTS } from '../report/results.ts';
import { openSmokeBench, SMOKE_CASES } from './measure.ts';

const MOST_LOST = 0.25;
const SLICES = 3;

test('no ratio to the bare server is a quarter below the committed one', async (t) => {
  const { smoke } = await readResults(RESULTS);
  assert.ok(smoke !== undefined, 'bench/results/smoke.json is missing: npm run bench -- --only smoke');
  await using bench = await openSmokeBench();
  for (const what of SMOKE_CASES) {
    const committed: number | undefined = smoke.ratios[what];
    if (committed === undefined) {
      t.diagnostic(`${what}: no ratio is committed; npm run bench -- --only smoke on a quiet machine makes it`);
      continue;
    }
    const least: number = committed * (1 - MOST_LOST);
    let ratio = await bench.ratio(what, SLICES);
    // Once more, and longer: a slow moment of the disk is no slow program.
    if (ratio !== null && ratio < least) ratio = await bench.ratio(what, SLICES * 2);
    t.diagnostic(
      `${what}: ${ratio?.toFixed(3) ?? 'the machine is too busy to tell'} (committed ${committed.toFixed(3)})`,
    );
    if (ratio !== null) assert.ok(ratio >= least, `${what}: ${ratio.toFixed(3)} is less than ${least.toFixed(3)}`);
  }
});
