// Lifecycle rules of a bucket as they were set, and how far the job has come with them.
import type { BucketId, BucketName } from '../../shared/ids.ts';
import { encodeKey, KeyReader, prefixRange, tables } from '../keys.ts';
import type { Bytes } from '../metadata-store.ts';

type Tag = { readonly key: string; readonly value: string };

/** All of it must hold; null and no tags ask for nothing. */
export type LifecycleFilter = {
  readonly prefix: string | null;
  readonly tags: readonly Tag[];
  readonly sizeGreaterThan: number | null;
  readonly sizeLessThan: number | null;
};

/** `at`: ms since 1970, a midnight. */
export type LifecycleTime = { readonly days: number } | { readonly at: number };

export type Transition = LifecycleTime & { readonly storageClass: string };

/** `keep`: so many of the newest noncurrent versions stay as they are; null: none. */
export type NoncurrentTime = { readonly days: number; readonly keep: number | null };

export type NoncurrentTransition = NoncurrentTime & { readonly storageClass: string };

export type LifecycleRule = {
  readonly id: string;
  readonly enabled: boolean;
  /** how the filter was written, and is shown: the Prefix of old, a Filter, a Filter with And */
  readonly form: 'prefix' | 'filter' | 'and';
  readonly filter: LifecycleFilter;
  /** `deleteMarker`: what ExpiredObjectDeleteMarker said */
  readonly expiration: LifecycleTime | { readonly deleteMarker: boolean } | null;
  readonly noncurrentExpiration: NoncurrentTime | null;
  readonly abortUploadDays: number | null;
  readonly transitions: readonly Transition[];
  readonly noncurrentTransitions: readonly NoncurrentTransition[];
};

/** Which small objects stay where they are unless a rule's filter names a size; null: none. */
export type MinimumTransitionSize = 'all_storage_classes_128K' | 'varies_by_storage_class' | null;

export type LifecycleConfiguration = {
  readonly v: 1;
  readonly rules: readonly LifecycleRule[];
  readonly minimumSize: MinimumTransitionSize;
};

/** Where the job goes on: the last row it has dealt with (base64), in this part of the bucket. */
export type LifecycleCursor = {
  readonly part: 'current' | 'noncurrent' | 'uploads';
  readonly after: string | null;
  /** of a key whose versions are not all dealt with yet */
  readonly chain: { readonly key: string; readonly newer: number; readonly successorAt: number } | null;
};

/** One row for each bucket that has, or had, rules. */
export type LifecycleProgress = {
  readonly v: 1;
  readonly region: string;
  readonly name: BucketName;
  /** the lifecycle day (number since 1970) whose walk is done; null: none since the rules were set */
  readonly finishedDay: number | null;
  readonly walk: { readonly day: number; readonly cursor: LifecycleCursor } | null;
};

/** value: LifecycleProgress */
export const lifecycleProgressKey = (bucketId: BucketId): Bytes => encodeKey(tables.lifecycleProgress, bucketId);
export const lifecycleProgressRange = (): { start: Bytes; end: Bytes } => prefixRange(tables.lifecycleProgress);
export const readLifecycleProgressKey = (key: Bytes): BucketId => new KeyReader(key).text() as BucketId;
