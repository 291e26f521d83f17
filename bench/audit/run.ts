// node bench/audit/run.ts [--records N] [--folder DIR] : fills a trail (or takes the one that is there), times first pages,
// verifies it, and prints the report that is committed as bench/audit/report.md.
import { mkdtemp, stat } from 'node:fs/promises';
import { cpus, tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { readNextBlock } from '../../src/audit/fresh.ts';
import { createAuditSearch } from '../../src/audit/search.ts';
import { openAuditTrail } from '../../src/audit/trail.ts';
import { verifyTrail } from '../../src/audit/verify.ts';
import { MasterKey } from '../../src/identity/sealing.ts';
import { openLmdbStore } from '../../src/metadata/lmdb.ts';
import type { MetadataStore } from '../../src/metadata/metadata-store.ts';
import { busyShape, makeEntry, seeded } from '../../test/support/audit-records.ts';
import { fillTrail } from './fill.ts';
import { loadText, measure, tableOf } from './measure.ts';
import { searchesFor } from './searches.ts';

const START_MS = Date.parse('2026-01-01T00:00:00Z');
const YEAR_MS = 365 * 24 * 3_600_000;
/** Some are always fresh: they are searched by reading them. */
const FRESH = 1_000;

const { values } = parseArgs({ options: { records: { type: 'string' }, folder: { type: 'string' } } });
const records = Number(values.records ?? 10_000_000);
const folder = values.folder ?? (await mkdtemp(join(tmpdir(), 'audit-bench-')));
await using store = await openLmdbStore({ path: folder, reserveBytes: 0 });
const masterKey = new MasterKey(new Map([[1, Buffer.alloc(32, 7)]]));

const filledSeconds = await fill(store);
await addFresh(store);
const search = createAuditSearch({ store });
const { found } = await search.find(
  { accountId: '100000000000', to: START_MS + YEAR_MS / 2, fields: { operation: ['PutObject'] } },
  { limit: 1 },
);
const known = found[0]?.record ?? { resource: null, requestId: '' };
const timings = await measure(search, searchesFor(known, START_MS));
const verifyStartedMs = performance.now();
const verified = await verifyTrail({ store, masterKey }, {});
const verifySeconds = (performance.now() - verifyStartedMs) / 1000;
const { size } = await stat(join(folder, 'data.mdb'));
process.stdout.write(`# Searching the audit trail

\`node bench/audit/run.ts --records ${records}\` on ${cpus().length} cores (${cpus()[0]?.model ?? 'unknown'}), load ${loadText()}; LMDB, warm.
${verified.records} records of 20 accounts over a year, ${FRESH} of them fresh; ${(size / verified.records).toFixed(0)} bytes a record on disk, index included.
First pages of 50 with the number of all that is found, 15 rounds each.

${tableOf(timings)}

Filled in ${filledSeconds === null ? 'an earlier run' : `${filledSeconds.toFixed(0)} s`}; verified in ${verifySeconds.toFixed(0)} s: ${verified.findings.length} findings.
`);

async function fill(target: MetadataStore): Promise<number | null> {
  if ((await target.read(readNextBlock)) > 0) return null;
  const startedMs = performance.now();
  const onProgress = (done: number): void => {
    if (done % 512_000 === 0) process.stderr.write(`${done} records\n`);
  };
  await fillTrail(
    { store: target, masterKey },
    { records, startMs: START_MS, stepMs: YEAR_MS / records, seed: 1, onProgress },
  );
  return (performance.now() - startedMs) / 1000;
}

/** Through the writer that the server has. */
async function addFresh(target: MetadataStore): Promise<void> {
  const clock = (): number => START_MS + YEAR_MS;
  const onError = (error: unknown): void => void process.stderr.write(`${String(error)}\n`);
  await using trail = openAuditTrail({
    store: target,
    clock,
    holder: { host: 'bench', pid: 2, role: 'worker' },
    onError,
  });
  const random = seeded(3);
  await Promise.all(Array.from({ length: FRESH }, () => trail.record(makeEntry(random, clock(), busyShape))));
}
