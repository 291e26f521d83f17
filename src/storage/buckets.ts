// Buckets: names are unique in a region, a bucket belongs to one project.
import { type Bytes, CounterLimitError, type Transaction } from '../metadata/metadata-store.ts';
import { type ProjectRecord, projectKey } from '../metadata/tables/identities.ts';
import {
  type BucketRecord,
  bucketByProjectKey,
  bucketByProjectRange,
  bucketKey,
  currentRange,
  readBucketByProjectKey,
  uploadRange,
  usageKey,
  versionRange,
} from '../metadata/tables/objects.ts';
import { keyAfter } from '../metadata/keys.ts';
import { bucketConfigurationRange } from '../metadata/tables/bucket-configurations.ts';
import { decodeRecord, decodeShared, encodeRecord } from '../metadata/tables/record.ts';
import { S3Error } from '../shared/errors.ts';
import { type AccountId, type BucketName, newBucketId, type ProjectId, type Region } from '../shared/ids.ts';
import { putConfigurations, type SetConfigurations } from './bucket-configurations.ts';
import { dropUploadsOfBucket } from './drop-uploads.ts';
import { discard } from './garbage.ts';
import { laterOf } from './key-walk.ts';
import type { Guard, StorageDeps } from './storage-deps.ts';
import { asS3Error, commit } from './store-errors.ts';
import { parseScope, scopeKeys } from './write-scope.ts';

/** Configurations of one bucket: far fewer than there are kinds. */
const MAX_CONFIGURATIONS = 1000;

export type CreateBucketOptions = {
  readonly name: BucketName;
  readonly account: { readonly accountId: AccountId; readonly canonicalId: string };
  readonly projectId: ProjectId;
  /** turns versioning on */
  readonly objectLock: boolean;
  readonly versioning?: boolean;
  /** what objects get that name no class; absent: the project's */
  readonly storageClass?: string;
  /** set from the beginning */
  readonly configurations?: SetConfigurations;
  readonly accessDefaults?: BucketRecord['accessDefaults'];
  /** most buckets of the project */
  readonly maxBuckets: number;
  readonly guard: Guard;
};

/** Errors: BucketAlreadyOwnedByYou (in the same project), BucketAlreadyExists, TooManyBuckets. */
export async function createBucket(deps: StorageDeps, options: CreateBucketOptions): Promise<BucketRecord> {
  const { name, projectId } = options;
  const key = bucketKey(deps.region, name);
  try {
    return await deps.store.transact(async (transaction) => {
      await options.guard(transaction);
      const [taken, projectValue] = await transaction.getMany([key, projectKey(projectId)]);
      const project = parseProject(projectValue, deps.region);
      if (taken !== undefined) throw nameTaken(decodeRecord<BucketRecord>(taken), projectId);
      const bucket = newBucket(options, project, deps.clock());
      transaction.put(key, encodeRecord(bucket));
      transaction.put(bucketByProjectKey(projectId, name), Buffer.alloc(0));
      putConfigurations(transaction, bucket.bucketId, options.configurations ?? {});
      transaction.add(usageKey({ project: projectId }, 'buckets'), 1n, BigInt(options.maxBuckets));
      return bucket;
    });
  } catch (error) {
    throw error instanceof CounterLimitError ? new S3Error('TooManyBuckets', { cause: error }) : asS3Error(error);
  }
}

function parseProject(value: Bytes | undefined, region: Region): ProjectRecord {
  const project = value === undefined ? undefined : decodeRecord<ProjectRecord>(value);
  if (project === undefined || project.trashedAt !== null) {
    throw new S3Error('AccessDenied', {
      message: 'The project of this key is deleted. Restore the project to use it.',
    });
  }
  if (project.region !== region) {
    throw new S3Error('AccessDenied', { message: `The project of this key is in region ${project.region}.` });
  }
  return project;
}

/** A bucket of another project cannot be used with this key: the name is taken, whoever the owner is. */
function nameTaken(existing: BucketRecord, projectId: ProjectId): S3Error {
  const code = existing.projectId === projectId ? 'BucketAlreadyOwnedByYou' : 'BucketAlreadyExists';
  return new S3Error(code, { fields: { BucketName: existing.name } });
}

function newBucket(options: CreateBucketOptions, project: ProjectRecord, now: number): BucketRecord {
  return {
    v: 1,
    bucketId: newBucketId(),
    name: options.name,
    region: project.region,
    accountId: options.account.accountId,
    ownerCanonicalId: options.account.canonicalId,
    projectId: project.projectId,
    createdAt: now,
    versioning: options.objectLock || options.versioning === true ? 'enabled' : 'off',
    objectLock: options.objectLock,
    defaultStorageClass: options.storageClass ?? classOfProject(project),
    ...(options.configurations === undefined ? {} : { revision: 1 }),
    ...(options.accessDefaults === undefined ? {} : { accessDefaults: options.accessDefaults }),
  };
}

/** What new buckets of the project have. */
export const classOfProject = ({ class: name }: Pick<ProjectRecord, 'class'>): string =>
  name === 'instant-archive' ? 'STANDARD_IA' : 'STANDARD';

const decodeBucket = (value: Bytes | undefined): BucketRecord | undefined =>
  value === undefined ? undefined : decodeShared<BucketRecord>(value);

export async function findBucket(
  deps: Pick<StorageDeps, 'store' | 'region'>,
  name: BucketName,
): Promise<BucketRecord | undefined> {
  const key = bucketKey(deps.region, name);
  const [bucket] = await deps.store.lookUp({ key, parse: decodeBucket });
  return bucket;
}

export type ListBucketsOptions = {
  readonly prefix?: string;
  /** only names after it */
  readonly startAfter?: string | null;
  /** ≥ 1 */
  readonly maxBuckets: number;
  /** no others than these */
  readonly only?: ReadonlySet<string> | null;
};

/**
 * In order of name; `next` is `startAfter` of the next page, null when this is the last. Of a project in another region
 * there are none here, though others may have buckets of the same names.
 */
export async function listBuckets(
  deps: Pick<StorageDeps, 'store' | 'region'>,
  projectId: ProjectId,
  { prefix = '', startAfter = null, maxBuckets, only = null }: ListBucketsOptions,
): Promise<{ buckets: BucketRecord[]; next: string | null }> {
  if (only !== null) {
    const names = [...only].filter((name) => name.startsWith(prefix) && (startAfter === null || name > startAfter));
    return listNamed(deps, projectId, names.toSorted(), maxBuckets);
  }
  const range = bucketByProjectRange(projectId, prefix);
  const after = startAfter === null ? range.start : keyAfter(bucketByProjectKey(projectId, startAfter));
  const start = laterOf(range.start, after);
  if (Buffer.compare(start, range.end) >= 0) return { buckets: [], next: null };
  return deps.store.read(async (snapshot) => {
    const entries = await snapshot.range({ start, end: range.end, limit: maxBuckets + 1 });
    const names = entries.slice(0, maxBuckets).map(({ key }) => readBucketByProjectKey(key));
    const values = await snapshot.getMany(names.map((name) => bucketKey(deps.region, name)));
    const found = values.flatMap((value) => (value === undefined ? [] : [decodeRecord<BucketRecord>(value)]));
    const buckets = found.filter((bucket) => bucket.projectId === projectId);
    return { buckets, next: entries.length > maxBuckets ? (names.at(-1) ?? null) : null };
  });
}

async function listNamed(
  deps: Pick<StorageDeps, 'store' | 'region'>,
  projectId: ProjectId,
  names: readonly string[],
  maxBuckets: number,
): Promise<{ buckets: BucketRecord[]; next: string | null }> {
  if (names.length === 0) return { buckets: [], next: null };
  const keys = names.map((name) => bucketKey(deps.region, name as BucketName));
  const values = await deps.store.read((snapshot) => snapshot.getMany(keys));
  const found = values
    .flatMap((value) => (value === undefined ? [] : [decodeRecord<BucketRecord>(value)]))
    .filter((bucket) => bucket.projectId === projectId);
  const buckets = found.slice(0, maxBuckets);
  return { buckets, next: found.length > maxBuckets ? (buckets.at(-1)?.name ?? null) : null };
}

/** Refused while anything is in it; uploads that are still open are aborted. Errors: BucketNotEmpty, NoSuchBucket. */
export async function deleteBucket(deps: StorageDeps, bucket: BucketRecord, guard: Guard): Promise<void> {
  const { bucketId, projectId } = bucket;
  const hadUploads = await commit(deps, async (transaction) => {
    await guard(transaction);
    const [bucketValue, projectValue] = await transaction.getMany(scopeKeys(bucket));
    parseScope(bucket, bucketValue, projectValue);
    return removeBucket(transaction, bucket, deps.clock());
  });
  // The queue has them; doing it now as well only returns their bytes to the quota at once.
  if (hadUploads) await dropUploadsOfBucket(deps, { bucketId, projectId });
}

/** Returns whether uploads are open in it, which are then in the garbage queue. */
export async function removeBucket(transaction: Transaction, bucket: BucketRecord, now: number): Promise<boolean> {
  const { bucketId, projectId, name } = bucket;
  if ((await isAny(transaction, currentRange(bucketId, ''))) || (await isAny(transaction, versionRange(bucketId)))) {
    throw new S3Error('BucketNotEmpty', { fields: { BucketName: name } });
  }
  const configurations = await transaction.range({ ...bucketConfigurationRange(bucketId), limit: MAX_CONFIGURATIONS });
  const rows = [bucketKey(bucket.region, name), bucketByProjectKey(projectId, name)];
  const counters = [usageKey({ bucket: bucketId }, 'bytes'), usageKey({ bucket: bucketId }, 'objects')];
  for (const key of [...rows, ...counters, ...configurations.map((entry) => entry.key)]) transaction.delete(key);
  transaction.add(usageKey({ project: projectId }, 'buckets'), -1n);
  const hadUploads = await isAny(transaction, uploadRange(bucketId));
  if (hadUploads) discard(transaction, { kind: 'bucket-uploads', bucketId, projectId }, now);
  return hadUploads;
}

async function isAny(transaction: Transaction, range: { start: Bytes; end: Bytes }): Promise<boolean> {
  return (await transaction.range({ ...range, limit: 1 })).length > 0;
}
