// The one write path of PutObject, CopyObject and form uploads: blob first, metadata second, delete last.
import type { EncryptionRequest } from '../encryption/object-encryption.ts';
import type { Snapshot } from '../metadata/metadata-store.ts';
import type { Tag } from '../metadata/tables/bucket-configurations.ts';
import type { ObjectEncryption } from '../metadata/tables/encryption.ts';
import {
  type BucketRecord,
  currentKey,
  type ObjectAccess,
  type ObjectLock,
  type ObjectRecord,
  type SystemMetadata,
} from '../metadata/tables/objects.ts';
import type { ObjectKey, VersionId } from '../shared/ids.ts';
import { chooseEncryption } from './choose-encryption.ts';
import { bodyEtag } from './etag.ts';
import { decodeObject } from './find-version.ts';
import { resolveLock } from './new-lock.ts';
import type { ObjectSource } from './object-source.ts';
import { commitBody, type PendingBody, receiveBody } from './pending-body.ts';
import { checkWrite, type WritePreconditions } from './preconditions.ts';
import type { Guard, StorageDeps } from './storage-deps.ts';
import { tagsOf } from './tags.ts';
import { addVersion, growthOf, type NewObject, reserveVersionId } from './versions.ts';
import { checkRoom, parseScope, scopeKeys } from './write-scope.ts';

export type WriteOptions = {
  readonly bucket: BucketRecord;
  readonly key: ObjectKey;
  readonly source: ObjectSource;
  readonly system: SystemMetadata;
  readonly user: Readonly<Record<string, string>>;
  /** with the bucket's region it says which pool its bytes go to */
  readonly storageClass: string;
  /** absent: none */
  readonly tags?: readonly Tag[];
  /** absent, or in part null: the bucket's default */
  readonly lock?: ObjectLock;
  /** whose it is and its ACL; absent: the bucket owner's alone */
  readonly access?: ObjectAccess;
  /** null or absent: what the bucket says */
  readonly encryption?: EncryptionRequest | null;
  readonly preconditions: WritePreconditions;
  /** Told before the bytes are read what an answer could already say; the version then has that id. */
  readonly onBegin?: (promised: PromisedVersion) => void;
  readonly guard: Guard;
};

export type PromisedVersion = {
  /** null: new versions have no ids of their own */
  readonly versionId: VersionId | null;
  readonly encryption: ObjectEncryption | null;
};

/** Errors: QuotaExceeded, StorageFull, PreconditionFailed, NoSuchKey (If-Match), NoSuchBucket, and the source's. */
export async function writeObject(deps: StorageDeps, options: WriteOptions): Promise<ObjectRecord> {
  const { bucket, key, preconditions } = options;
  const keys = [...scopeKeys(bucket), currentKey(bucket.bucketId, key)];
  const admit = async (snapshot: Snapshot, sizeBytes: number | null): Promise<void> => {
    const [bucketValue, projectValue, currentValue] = await snapshot.getMany(keys);
    const current = decodeObject(currentValue);
    checkWrite(preconditions, current);
    const scope = parseScope(bucket, bucketValue, projectValue);
    await checkRoom(snapshot, scope, growthOf(scope, current, sizeBytes ?? 0));
  };
  const encryption = await chooseEncryption(deps, bucket, options.encryption);
  const dataKey = encryption?.dataKey ?? null;
  const reserved = options.onBegin === undefined ? null : await reserve(deps, options);
  options.onBegin?.({ versionId: reserved, encryption: encryption?.record ?? null });
  const pool = deps.poolOf(bucket.region, options.storageClass);
  await using pending = await receiveBody(deps, options.source, pool, admit, dataKey);
  return await commitBody(deps, pending, async (transaction) => {
    const [[bucketValue, projectValue, currentValue]] = await Promise.all([
      transaction.getMany(keys),
      options.guard(transaction),
    ]);
    const scope = parseScope(bucket, bucketValue, projectValue);
    const current = decodeObject(currentValue);
    checkWrite(preconditions, current);
    const now = deps.clock();
    const lock = await resolveLock(transaction, scope.bucket, options.lock, now);
    const draft = { ...newRecord(options, pending, encryption?.record ?? null, now), ...lock };
    const object = await addVersion(transaction, scope, { key, current, addedBytes: draft.sizeBytes, reserved }, draft);
    await deps.announce?.(transaction, scope.bucket, { kind: 'created', key, object });
    return object;
  });
}

async function reserve({ store, clock }: StorageDeps, { bucket, key }: WriteOptions): Promise<VersionId | null> {
  return await store.read(async (snapshot) => {
    const keys = [...scopeKeys(bucket), currentKey(bucket.bucketId, key)];
    const [bucketValue, projectValue, currentValue] = await snapshot.getMany(keys);
    const scope = parseScope(bucket, bucketValue, projectValue);
    return await reserveVersionId(snapshot, scope.bucket, { key, current: decodeObject(currentValue) }, clock());
  });
}

function newRecord(
  options: WriteOptions,
  pending: PendingBody,
  encryption: ObjectEncryption | null,
  now: number,
): NewObject {
  return {
    v: 1,
    sizeBytes: pending.sizeBytes,
    etag: bodyEtag(pending.md5Hex, encryption),
    lastModified: now,
    storageClass: options.storageClass,
    system: options.system,
    user: options.user,
    checksum: pending.checksum,
    body: pending.body,
    ...(encryption === null ? {} : { encryption }),
    ...options.access,
    ...tagsOf(options),
  };
}
