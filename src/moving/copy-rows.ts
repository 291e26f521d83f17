// The first pass of a move, while the source serves: every row, in order of its key, in many short reads, and before each
// page the blobs that it names. What changes meanwhile is told by whoever changes it, and follows (follow-changes.ts).
import { BlobCorruptError, BlobMissingError } from '../blobs/blob-store.ts';
import { type DumpEntry, addScope, countersOf, END_OF_KEYS, isDumped, pastLeftOut } from '../metadata/dump.ts';
import { keyAfter, prefixRange, tables } from '../metadata/keys.ts';
import type { Entry, MetadataStore, Range } from '../metadata/metadata-store.ts';
import type { UsageScope } from '../metadata/tables/objects.ts';
import { inParallel } from '../shared/in-parallel.ts';
import { blobsNamedBy } from '../storage/named-blobs.ts';
import { copyVerified } from './copy-verified.ts';
import { type MoveDeps, MoveError, type Report } from './move-deps.ts';
import { applyChange, type MoveProgress } from './move-progress.ts';

const PAGE_ROWS = 250;
const BLOBS_AT_ONCE = 8;

export async function copyRows(deps: MoveDeps, begun: MoveProgress, report: Report): Promise<void> {
  let progress = begun;
  while (!progress.isCopied) {
    const start = progress.copiedTo === null ? Buffer.of(0) : keyAfter(Buffer.from(progress.copiedTo, 'base64'));
    const range = { start: pastLeftOut(start), end: END_OF_KEYS, limit: PAGE_ROWS };
    const page = await deps.source.store.read((snapshot) => snapshot.range(range));
    const rows = page.filter(({ key }) => isDumped(key));
    const copied = await copyBlobsOf(deps, rows);
    const last = page.at(-1);
    progress = await applyChange(
      deps,
      { entries: rows.map((row) => ({ kind: 'row', ...row })), deleted: [] },
      (before) => ({
        ...before,
        copiedTo: last === undefined ? before.copiedTo : Buffer.from(last.key).toString('base64'),
        isCopied: page.length < PAGE_ROWS,
        rows: before.rows + rows.length,
        blobs: before.blobs + copied.blobs,
        blobBytes: before.blobBytes + copied.blobBytes,
      }),
    );
    report('copies', progress);
  }
}

/** All there are; they change often, so each run copies all of them. */
export async function copyCounters(deps: MoveDeps): Promise<void> {
  for (const table of [tables.project, tables.bucket]) {
    let { start, end } = prefixRange(table);
    for (;;) {
      const { rows, counters } = await countersFrom(deps.source.store, { start, end, limit: PAGE_ROWS });
      await applyChange(deps, { entries: counters, deleted: [] }, (before) => before);
      const last = rows.at(-1);
      if (last === undefined || rows.length < PAGE_ROWS) break;
      start = keyAfter(last.key);
    }
  }
}

/** The counters of the projects or buckets in this range. */
function countersFrom(
  store: MetadataStore,
  range: Range,
): Promise<{ readonly rows: readonly Entry[]; readonly counters: DumpEntry[] }> {
  return store.read(async (snapshot) => {
    const rows = await snapshot.range(range);
    const scopes: UsageScope[] = [];
    for (const { key, value } of rows) addScope(scopes, key, value);
    const counters = await Promise.all(scopes.map((scope) => countersOf(snapshot, scope)));
    return { rows, counters: counters.flat() };
  });
}

export type CopiedBlobs = { readonly blobs: number; readonly blobBytes: number };

/** The bytes come first: no row of the target ever names what is not there. */
export async function copyBlobsOf(deps: MoveDeps, rows: readonly Entry[]): Promise<CopiedBlobs> {
  const named = rows.flatMap((row) => blobsNamedBy(row.key, row.value).map((blob) => ({ row, blob })));
  let blobBytes = 0;
  await inParallel(named, BLOBS_AT_ONCE, async ({ row, blob }) => {
    try {
      await copyVerified(deps, blob);
      blobBytes += blob.storedBytes;
    } catch (error) {
      if (!(error instanceof BlobMissingError || error instanceof BlobCorruptError)) throw error;
      if (await hasChanged(deps, row)) return;
      throw new MoveError(
        `blob ${blob.pool}/${blob.blobId} cannot be read from the source (${error.message}): ` +
          'vstorage scrub names its object; if its pool lies elsewhere, name it in --from as POOL=PLACE',
        { cause: error },
      );
    }
  });
  return { blobs: named.length, blobBytes };
}

async function hasChanged({ source }: MoveDeps, { key, value }: Entry): Promise<boolean> {
  const now = await source.store.read((snapshot) => snapshot.get(key));
  return now === undefined || Buffer.compare(now, value) !== 0;
}
