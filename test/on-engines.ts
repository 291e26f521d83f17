// Runs test files with every server under test on PostgreSQL (and RADOS), in throw-away ones that it starts:
//   node test/on-engines.ts [--rados] test/s3/ test/clients/
import { availableParallelism } from 'node:os';
import { startCeph } from '../scripts/cluster/ceph.ts';
import { startPostgres } from '../scripts/cluster/postgres.ts';
import { findTests, runTests } from '../scripts/run-tests.ts';
import { Summary } from '../scripts/summary.ts';
import { BLOBS_VARIABLE, METADATA_VARIABLE } from './support/engines.ts';

const MINUTE_MS = 60_000;

const wanted = process.argv.slice(2).filter((argument) => !argument.startsWith('--'));
const summary = new Summary();
await using postgres = await startPostgres({ durable: false, settings: { max_connections: '400' } });
process.env[METADATA_VARIABLE] = postgres.url();
await using ceph = process.argv.includes('--rados') ? await startCeph() : null;
if (ceph !== null) {
  await ceph.makePool('vstorage');
  process.env[BLOBS_VARIABLE] = `rados://vstorage?conf=${ceph.confFile}&id=admin`;
}

const files = (await findTests(['test/**/*.test.ts'], false)).filter((file) =>
  wanted.some((part) => file.includes(part)),
);
await runTests({
  files,
  concurrency: Math.min(availableParallelism(), 2),
  fileTimeoutMs: 8 * MINUTE_MS,
  deadlineMs: performance.now() + 60 * MINUTE_MS,
  onOutcome: summary.add,
});
process.exitCode = summary.finish();
