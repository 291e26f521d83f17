// The short form of the benchmark: 100,000 records. The long one is bench/audit/run.ts, its figures are in report.md.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { openAuditFixture } from '../../test/support/audit-fixture.ts';
import { createAuditSearch } from '../../src/audit/search.ts';
import { verifyTrail } from '../../src/audit/verify.ts';
import { fillTrail } from './fill.ts';
import { measure, tableOf } from './measure.ts';
import { searchesFor } from './searches.ts';

const START_MS = Date.parse('2026-01-01T00:00:00Z');
const RECORDS = 100_000;

test('first pages of any search over 100,000 records cost at most 50 ms of CPU, and the trail verifies', async () => {
  await using fixture = await openAuditFixture();
  const options = { records: RECORDS, startMs: START_MS, stepMs: 300_000, seed: 1 };
  await fillTrail(fixture.deps, options);
  const search = createAuditSearch(fixture.deps);
  const { found } = await search.find(
    { accountId: '100000000000', fields: { operation: ['PutObject'] } },
    { limit: 1 },
  );
  const [first] = found;
  assert.ok(first !== undefined);
  const timings = await measure(search, searchesFor(first.record, START_MS));
  assert.ok(timings.length >= 20);
  assert.ok(
    timings.every(({ cpuMedian }) => cpuMedian <= 50),
    tableOf(timings),
  );
  const { records, findings } = await verifyTrail(fixture.deps);
  assert.deepEqual([records, findings], [RECORDS, []]);
});
