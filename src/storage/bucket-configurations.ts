// A bucket's configurations. Every change bumps the revision of the bucket's record in the same commit: whoever has
// read the record fresh (every request does) knows whether what was parsed before still holds.
import type { MetadataStore, Snapshot, Transaction } from '../metadata/metadata-store.ts';
import {
  type BucketConfigurations,
  bucketConfigurationKey,
  bucketConfigurationRange,
  type ConfigurationName,
  readBucketConfigurationKey,
} from '../metadata/tables/bucket-configurations.ts';
import { originOf } from '../metadata/shared-snapshot.ts';
import { type BucketRecord, bucketKey } from '../metadata/tables/objects.ts';
import { decodeRecord, encodeRecord } from '../metadata/tables/record.ts';
import type { BucketId } from '../shared/ids.ts';
import type { Guard, StorageDeps } from './storage-deps.ts';
import { commit } from './store-errors.ts';
import { parseScope, scopeKeys } from './write-scope.ts';

/** Far more than there are kinds. */
const MAX_CONFIGURATIONS = 1000;
const MAX_CACHED_BUCKETS = 10_000;

type Deps = Pick<StorageDeps, 'store'>;

/** Those that are set. */
export type SetConfigurations = { readonly [Name in ConfigurationName]?: BucketConfigurations[Name] };

/** 0 as long as no configuration was ever set. */
export const revisionOf = ({ revision }: BucketRecord): number => revision ?? 0;

/** Fresh from the store; null: not set. */
export async function readConfiguration<Name extends ConfigurationName>(
  deps: Deps,
  { bucketId }: BucketRecord,
  name: Name,
): Promise<BucketConfigurations[Name] | null> {
  return deps.store.read((snapshot) => configurationIn(snapshot, bucketId, name));
}

/** The same as part of a transaction, which is then validated against it. */
export async function configurationIn<Name extends ConfigurationName>(
  snapshot: Snapshot,
  bucketId: BucketId,
  name: Name,
): Promise<BucketConfigurations[Name] | null> {
  const value = await snapshot.get(bucketConfigurationKey(bucketId, name));
  return value === undefined ? null : decodeRecord<BucketConfigurations[Name]>(value);
}

/** Errors: NoSuchBucket, AccessDenied (its project is in the trash), and the guard's. */
export async function changeConfiguration<Name extends ConfigurationName>(
  deps: Deps,
  options: {
    readonly bucket: BucketRecord;
    readonly name: Name;
    /** null: not set any more */
    readonly value: BucketConfigurations[Name] | null;
    readonly guard: Guard;
  },
): Promise<BucketRecord> {
  const { name, value } = options;
  return changeBucket(deps, options, async (current, transaction) => {
    putConfiguration(transaction, current.bucketId, name, value);
    return current;
  });
}

/** Only inside `changeBucket`, which bumps the revision. */
export function putConfiguration<Name extends ConfigurationName>(
  transaction: Transaction,
  bucketId: BucketId,
  name: Name,
  value: BucketConfigurations[Name] | null,
): void {
  const key = bucketConfigurationKey(bucketId, name);
  if (value === null) transaction.delete(key);
  else transaction.put(key, encodeRecord(value));
}

/** For a bucket that is being made. */
export function putConfigurations(transaction: Transaction, bucketId: BucketId, values: SetConfigurations): void {
  for (const [name, value] of Object.entries(values)) {
    transaction.put(bucketConfigurationKey(bucketId, name), encodeRecord(value));
  }
}

/** Changes the bucket's record, its configurations, or both, from what they are at the moment of the commit. */
export async function changeBucket(
  deps: Deps,
  { bucket, guard }: { readonly bucket: BucketRecord; readonly guard: Guard },
  change: (current: BucketRecord, transaction: Transaction) => Promise<BucketRecord>,
): Promise<BucketRecord> {
  return commit(deps, async (transaction) => {
    await guard(transaction);
    const [bucketValue, projectValue] = await transaction.getMany(scopeKeys(bucket));
    const { bucket: current } = parseScope(bucket, bucketValue, projectValue);
    const changed = await change(current, transaction);
    const next: BucketRecord = { ...changed, revision: revisionOf(current) + 1 };
    transaction.put(bucketKey(next.region, next.name), encodeRecord(next));
    return next;
  });
}

type Cached = { readonly revision: number; readonly configurations: SetConfigurations };

/** What was parsed, by store and bucket; an entry answers only for the revision it was read at. */
const parsed = new WeakMap<MetadataStore, Map<BucketId, Cached>>();

/**
 * All that is set for the bucket, without reading anything when nothing changed since the last time. `bucket` must have
 * been read from the store for the request that asks.
 */
export async function configurationsOf(deps: Deps, bucket: BucketRecord): Promise<SetConfigurations> {
  const known = knownConfigurations(deps, bucket);
  if (known !== undefined) return known;
  const read = await deps.store.read((snapshot) => readAll(snapshot, bucket));
  if (read === undefined) return {};
  keep(deps.store, bucket.bucketId, read);
  return read.configurations;
}

/** The same, as far as it is known without reading; undefined: it would have to be read. */
export function knownConfigurations(deps: Deps, bucket: BucketRecord): SetConfigurations | undefined {
  if (revisionOf(bucket) === 0) return {};
  const known = parsed.get(originOf(deps.store))?.get(bucket.bucketId);
  return known?.revision === revisionOf(bucket) ? known.configurations : undefined;
}

/** With the revision they belong to, which may be later than the asker's; undefined: the bucket is gone. */
async function readAll(snapshot: Snapshot, bucket: BucketRecord): Promise<Cached | undefined> {
  const value = await snapshot.get(bucketKey(bucket.region, bucket.name));
  const current = value === undefined ? undefined : decodeRecord<BucketRecord>(value);
  if (current?.bucketId !== bucket.bucketId) return undefined;
  const range = { ...bucketConfigurationRange(bucket.bucketId), limit: MAX_CONFIGURATIONS };
  const entries = await snapshot.range(range);
  const records = entries.map((entry) => [readBucketConfigurationKey(entry.key), decodeRecord(entry.value)] as const);
  return { revision: revisionOf(current), configurations: Object.fromEntries(records) };
}

function keep(store: MetadataStore, bucketId: BucketId, entry: Cached): void {
  const origin = originOf(store);
  const buckets = parsed.get(origin) ?? new Map<BucketId, Cached>();
  parsed.set(origin, buckets);
  buckets.delete(bucketId);
  buckets.set(bucketId, entry);
  const [oldest] = buckets.keys();
  if (buckets.size > MAX_CACHED_BUCKETS && oldest !== undefined) buckets.delete(oldest);
}
