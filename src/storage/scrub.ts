// Reads everything that is stored and tells what cannot be read back: a flipped bit, a truncated or missing blob, a small
// body that does not match its ETag. It changes nothing.
import { createHash } from 'node:crypto';
import { BlobCorruptError, BlobMissingError } from '../blobs/blob-store.ts';
import { verifyBlob } from '../blobs/copy-between.ts';
import { sealedSize } from '../encryption/body-cipher.ts';
import { prefixRange, tables } from '../metadata/keys.ts';
import type { Bytes, Entry } from '../metadata/metadata-store.ts';
import {
  type BucketRecord,
  inlineBodyKey,
  type ObjectRecord,
  partListRowsRange,
  readCurrentKey,
  readVersionKey,
  type VersionRecord,
} from '../metadata/tables/objects.ts';
import { decodeRecord } from '../metadata/tables/record.ts';
import { blobsNamedBy, type NamedBlob } from './named-blobs.ts';
import { openObject } from './read-object.ts';
import type { StorageDeps } from './storage-deps.ts';

export type ScrubFault = {
  readonly bucket: string;
  readonly key: string;
  readonly versionId: string;
  readonly fault: string;
};

export type ScrubResult = {
  readonly objects: number;
  readonly bytes: number;
  readonly faults: readonly ScrubFault[];
};

type Found = { readonly rowKey: Bytes; readonly key: string; readonly record: ObjectRecord };

const PAGE_ROWS = 200;

/** `report` is called after every object. */
export async function scrub(
  deps: StorageDeps,
  options: { readonly bucket?: string; readonly report?: (done: Omit<ScrubResult, 'faults'>) => void } = {},
): Promise<ScrubResult> {
  const done = { objects: 0, bytes: 0, faults: [] as ScrubFault[] };
  for await (const bucket of allBuckets(deps)) {
    if (options.bucket !== undefined && bucket.name !== options.bucket) continue;
    for await (const found of objectsOf(deps, bucket)) {
      const fault = await faultOf(deps, found.record);
      if (fault !== null && (await isStillThere(deps, found))) {
        done.faults.push({ bucket: bucket.name, key: found.key, versionId: found.record.versionId, fault });
      }
      done.objects++;
      done.bytes += found.record.sizeBytes;
      options.report?.(done);
    }
  }
  return done;
}

async function* allBuckets(deps: StorageDeps): AsyncGenerator<BucketRecord> {
  for await (const { value } of rows(deps, prefixRange(tables.bucket))) yield decodeRecord<BucketRecord>(value);
}

async function* objectsOf(deps: StorageDeps, { bucketId }: BucketRecord): AsyncGenerator<Found> {
  for await (const { key, value } of rows(deps, prefixRange(tables.current, bucketId))) {
    yield { rowKey: key, key: readCurrentKey(key), record: decodeRecord<ObjectRecord>(value) };
  }
  for await (const { key, value } of rows(deps, prefixRange(tables.version, bucketId))) {
    const record = decodeRecord<VersionRecord>(value);
    if (!('deleteMarker' in record)) yield { rowKey: key, key: readVersionKey(key).key, record };
  }
}

/** A page a snapshot: one that stayed open for hours would keep the engine from using old pages again. */
async function* rows(deps: StorageDeps, range: { start: Bytes; end: Bytes }): AsyncGenerator<Entry> {
  let { start } = range;
  for (;;) {
    const page = await deps.store.read((snapshot) => snapshot.range({ start, end: range.end, limit: PAGE_ROWS }));
    yield* page;
    const last = page.at(-1);
    if (last === undefined || page.length < PAGE_ROWS) return;
    start = Buffer.concat([last.key, Buffer.of(0)]);
  }
}

async function faultOf(deps: StorageDeps, record: ObjectRecord): Promise<string | null> {
  if (record.body.kind === 'inline') return inlineFault(deps, record);
  for await (const blob of blobsOf(deps, record)) {
    try {
      await verifyBlob(deps.blobs, blob);
    } catch (error) {
      if (error instanceof BlobCorruptError || error instanceof BlobMissingError) return error.message;
      throw error;
    }
  }
  return null;
}

async function* blobsOf(deps: StorageDeps, record: ObjectRecord): AsyncGenerator<NamedBlob> {
  if (record.body.kind === 'blob') {
    yield* blobsNamedBy(Buffer.of(tables.current), Buffer.from(JSON.stringify(record)));
    return;
  }
  if (record.body.kind !== 'parts') return;
  for await (const { key, value } of rows(deps, partListRowsRange(record.body.listId))) yield* blobsNamedBy(key, value);
}

/** What an operator's copy of the disk or the engine itself got wrong: small bodies carry no checksum of their own. */
async function inlineFault(deps: StorageDeps, record: ObjectRecord): Promise<string | null> {
  if (record.encryption?.kind === 'SSE-C') return storedFault(deps, record);
  const hash = createHash('md5');
  try {
    for await (const chunk of await openObject(deps, record, { start: 0, end: record.sizeBytes })) hash.update(chunk);
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
  const isMd5 = record.encryption?.kind !== 'SSE-KMS' && !record.etag.includes('-');
  return isMd5 && hash.digest('hex') !== record.etag ? 'its bytes do not match its ETag' : null;
}

/** Nobody but its owner has the key: its length is all that can be checked. */
async function storedFault(deps: StorageDeps, { body, sizeBytes }: ObjectRecord): Promise<string | null> {
  if (body.kind !== 'inline') return null;
  const value = await deps.store.read((snapshot) => snapshot.get(inlineBodyKey(body.blobId)));
  return value?.length === sealedSize(sizeBytes) ? null : 'its bytes are missing or cut';
}

/** Deleted or overwritten while it was read: that is no fault. */
async function isStillThere(deps: StorageDeps, { rowKey, record }: Found): Promise<boolean> {
  const value = await deps.store.read((snapshot) => snapshot.get(rowKey));
  if (value === undefined) return false;
  const now = decodeRecord<VersionRecord>(value);
  return !('deleteMarker' in now) && JSON.stringify(now.body) === JSON.stringify(record.body);
}
