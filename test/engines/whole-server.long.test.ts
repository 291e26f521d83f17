// Everything that S3 clients see, on PostgreSQL and RADOS: what passes on the embedded engines passes there too.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { run } from '../../scripts/run.ts';

const HOUR_MS = 3_600_000;
/** looks for the blob in the data directory */
const LEFT_OUT = ['test/s3/damaged-object.test.ts'];

test('the tests of the S3 API and of its clients pass on PostgreSQL and RADOS', async () => {
  const args = ['test/on-engines.ts', '--rados', 'test/s3/', 'test/clients/'];
  const { ok, output } = await run(process.execPath, args, { timeoutMs: HOUR_MS });
  assert.ok(ok, output);
  assert.ok(Number(/^(\d+) passed, 0 failed$/m.exec(output)?.[1]) > 400, output);
  assert.deepEqual(
    [...output.matchAll(/^ok +(\S+): .* skipped/gm)].map(([, file]) => file),
    LEFT_OUT,
  );
});
