// What happened to an object, told inside the commit that did it: whoever listens writes with the same transaction, so
// that a change and the news of it exist both or not at all.
import type { Transaction } from '../metadata/metadata-store.ts';
import type { BucketRecord, ObjectRecord } from '../metadata/tables/objects.ts';
import type { ObjectKey, VersionId } from '../shared/ids.ts';

export type ObjectChange =
  /** a new current version */
  | { readonly kind: 'created'; readonly key: ObjectKey; readonly object: ObjectRecord }
  /** an object, a version or a delete marker is gone for good; `object` null: it was a delete marker */
  | {
      readonly kind: 'removed';
      readonly key: ObjectKey;
      readonly versionId: VersionId;
      readonly object: ObjectRecord | null;
    }
  | { readonly kind: 'marked'; readonly key: ObjectKey; readonly versionId: VersionId }
  | { readonly kind: 'tagged' | 'untagged'; readonly key: ObjectKey; readonly object: ObjectRecord }
  | { readonly kind: 'acl-changed'; readonly key: ObjectKey; readonly object: ObjectRecord }
  | { readonly kind: 'restored' | 'restore-ended'; readonly key: ObjectKey; readonly object: ObjectRecord }
  | { readonly kind: 'transitioned'; readonly key: ObjectKey; readonly object: ObjectRecord };

/** `bucket`: as it is in this commit. Must not throw: a listener cannot undo what happened. */
export type Announce = (transaction: Transaction, bucket: BucketRecord, change: ObjectChange) => Promise<void>;
