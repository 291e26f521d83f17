// Delivers the lines that wait: one object in the target bucket for each source bucket. The object and the removal of the
// lines are one commit. The log belongs to the owner of both buckets; nothing else is asked at that time.
import { randomBytes } from 'node:crypto';
import { aclsEnabled, bucketAccessOf } from '../access/bucket-access.ts';
import { keyAfter, prefixEnd } from '../metadata/keys.ts';
import type { Bytes, Entry } from '../metadata/metadata-store.ts';
import {
  accessLogOfBucketRange,
  accessLogRange,
  type AccessLogRecord,
  type LoggingConfiguration,
  readAccessLogKey,
} from '../metadata/tables/access-logs.ts';
import { type BucketRecord, bucketKey, type ObjectAccess } from '../metadata/tables/objects.ts';
import { decodeRecord } from '../metadata/tables/record.ts';
import { S3Error } from '../shared/errors.ts';
import type { BucketId, ObjectKey, Region } from '../shared/ids.ts';
import { configurationIn, configurationsOf } from '../storage/bucket-configurations.ts';
import { findBucket } from '../storage/buckets.ts';
import { memorySource } from '../storage/memory-source.ts';
import type { StorageDeps } from '../storage/storage-deps.ts';
import { writeObject } from '../storage/write-object.ts';

/** Rows, of up to 500 lines each, that go into one object. */
const ROWS_PER_OBJECT = 200;
const DAY_MS = 24 * 60 * 60 * 1000;

/** Delivers everything that waits. Returns how many objects were written. */
export async function deliverAccessLogs(deps: StorageDeps): Promise<number> {
  const { announce: _silent, ...quiet } = deps;
  let objects = 0;
  let { start, end } = accessLogRange();
  for (;;) {
    const [first] = await deps.store.read((snapshot) => snapshot.range({ start, end, limit: 1 }));
    if (first === undefined) return objects;
    const { bucketId } = readAccessLogKey(first.key);
    objects += await deliverOf(quiet, bucketId);
    start = prefixEnd(accessLogOfBucketRange(bucketId).start);
  }
}

async function deliverOf(deps: StorageDeps, bucketId: BucketId): Promise<number> {
  let objects = 0;
  let { start, end } = accessLogOfBucketRange(bucketId);
  for (;;) {
    const rows = await deps.store.read((snapshot) => snapshot.range({ start, end, limit: ROWS_PER_OBJECT }));
    const last: Bytes | undefined = rows.at(-1)?.key;
    if (last === undefined) return objects;
    for (const day of splitDays(rows)) objects += await deliverRows(deps, bucketId, day);
    start = keyAfter(last);
  }
}

/** Keys may carry the day of the requests, so an object has those of one day. */
function splitDays(rows: readonly Entry[]): readonly Entry[][] {
  return [...Map.groupBy(rows, ({ key }) => Math.floor(readAccessLogKey(key).writtenAt / DAY_MS)).values()];
}

/** Lines that can go nowhere any more are dropped. */
async function deliverRows(deps: StorageDeps, bucketId: BucketId, rows: readonly Entry[]): Promise<number> {
  const [first] = rows;
  if (first === undefined) return 0;
  const removeRows = async (): Promise<void> => {
    await deps.store.transact(async (transaction) => rows.forEach(({ key }) => transaction.delete(key)));
  };
  const records = rows.map(({ value }) => decodeRecord<AccessLogRecord>(value));
  const found = await findRoute(deps, bucketId, decodeRecord<AccessLogRecord>(first.value));
  if (found === null) {
    await removeRows();
    return 0;
  }
  const { source, target, configuration } = found;
  const bytes = Buffer.from(`${records.flatMap(({ lines }) => lines).join('\n')}\n`);
  try {
    await writeObject(deps, {
      bucket: target,
      key: logKey(source, configuration, deps.clock(), readAccessLogKey(first.key).writtenAt),
      source: memorySource(bytes),
      system: { contentType: 'text/plain' },
      user: {},
      storageClass: target.defaultStorageClass,
      access: await logAccess(deps, target, configuration),
      preconditions: { ifMatch: null, ifNoneMatch: null },
      guard: async (transaction) => rows.forEach(({ key }) => transaction.delete(key)),
    });
    return 1;
  } catch (error) {
    // gone, or in the trash: as if there were no target
    if (!(error instanceof S3Error && (error.code === 'NoSuchBucket' || error.code === 'AccessDenied'))) throw error;
    await removeRows();
    return 0;
  }
}

/** Grants count as long as the target takes ACLs. */
async function logAccess(
  deps: StorageDeps,
  target: BucketRecord,
  { targetGrants }: LoggingConfiguration,
): Promise<ObjectAccess> {
  if (targetGrants === undefined) return {};
  const access = bucketAccessOf(target, await configurationsOf(deps, target));
  if (!aclsEnabled(access)) return {};
  const owner = { type: 'account', canonicalId: target.ownerCanonicalId } as const;
  return { acl: [...targetGrants, { grantee: owner, permission: 'FULL_CONTROL' }] };
}

type LogRoute = {
  readonly source: BucketRecord;
  readonly target: BucketRecord;
  readonly configuration: LoggingConfiguration;
};

async function findRoute(
  deps: StorageDeps,
  bucketId: BucketId,
  { region, bucket }: AccessLogRecord,
): Promise<LogRoute | null> {
  const from = await deps.store.read(async (snapshot) => {
    const value = await snapshot.get(bucketKey(region, bucket));
    const source = value === undefined ? undefined : decodeRecord<BucketRecord>(value);
    if (source?.bucketId !== bucketId) return null;
    const configuration = await configurationIn(snapshot, bucketId, 'logging');
    return configuration === null ? null : { source, configuration };
  });
  if (from === null) return null;
  const target = await findBucket({ ...deps, region: region as Region }, from.configuration.targetBucket);
  return target === undefined || target.accountId !== from.source.accountId ? null : { ...from, target };
}

function logKey(source: BucketRecord, configuration: LoggingConfiguration, now: number, eventAt: number): ObjectKey {
  const { targetPrefix, keyFormat } = configuration;
  const unique = randomBytes(8).toString('hex').toUpperCase();
  const stamp = (ms: number): string => new Date(ms).toISOString().slice(0, 19).replaceAll(/[T:]/g, '-');
  if (keyFormat.kind === 'simple') return `${targetPrefix}${stamp(now)}-${unique}` as ObjectKey;
  const time = stamp(keyFormat.dateSource === 'EventTime' ? Math.floor(eventAt / DAY_MS) * DAY_MS : now);
  const day = time.slice(0, 10).replaceAll('-', '/');
  return `${targetPrefix}${source.accountId}/${source.region}/${source.name}/${day}/${time}-${unique}` as ObjectKey;
}
