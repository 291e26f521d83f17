// One object to another key, within a bucket or into another: the same write path as CopyObject. Used by tasks, and
// by what makes a new version of an object out of itself (new metadata, an old version restored).
import { newObjectOf } from '../access/external-buckets.ts';
import { askOf, type S3Actor, versioned } from '../access/s3-actor.ts';
import type { S3Ask } from '../access/s3-resource.ts';
import type { BucketRecord, ObjectRecord } from '../metadata/tables/objects.ts';
import { S3Error } from '../shared/errors.ts';
import type { ObjectKey } from '../shared/ids.ts';
import { copySource } from '../storage/copy-object.ts';
import { requireReadable } from '../storage/restore-object.ts';
import type { StorageDeps } from '../storage/storage-deps.ts';
import { writeObject } from '../storage/write-object.ts';

export type CopyFrom = {
  readonly bucket: BucketRecord;
  readonly key: ObjectKey;
  /** null: the current one */
  readonly versionId: string | null;
  readonly object: ObjectRecord;
};

export type CopyTo = {
  readonly bucket: BucketRecord;
  readonly key: ObjectKey;
  /** absent: what the source has */
  readonly replaced?: Partial<Pick<ObjectRecord, 'system' | 'user' | 'storageClass'>>;
  /** the entity tag of what it replaces; absent: whatever is there */
  readonly ifMatch?: string;
};

/** What reading the source and writing the copy need; tags are read from one and put on the other. */
export function copyAsks(from: CopyFrom, to: CopyTo): S3Ask[] {
  const { versionId } = from;
  const tagged = (from.object.tags ?? []).length > 0;
  return [
    askOf(versioned('Get', versionId), from.bucket, from.key, { versionId }),
    askOf('s3:PutObject', to.bucket, to.key),
    ...(tagged
      ? [
          askOf(versioned('Get', versionId, 'Tagging'), from.bucket, from.key, { versionId }),
          askOf('s3:PutObjectTagging', to.bucket, to.key, { isNew: true }),
        ]
      : []),
  ];
}

/** Errors: InvalidRequest (a customer's key is needed), InvalidObjectState (it is in the archive). */
export function checkCopyable(object: ObjectRecord, now: number): void {
  if (object.encryption?.kind === 'SSE-C') {
    throw new S3Error('InvalidRequest', {
      message:
        'The object is encrypted with a key of its owner (SSE-C). Only an S3 client that has the key can copy it.',
    });
  }
  requireReadable(object, now);
}

type Attributes = Pick<ObjectRecord, 'system' | 'user' | 'storageClass' | 'tags'>;

export const attributesOf = ({ object }: CopyFrom, { replaced }: CopyTo): Attributes => ({
  system: replaced?.system ?? object.system,
  user: replaced?.user ?? object.user,
  storageClass: replaced?.storageClass ?? object.storageClass,
  ...(object.tags === undefined ? {} : { tags: object.tags }),
});

export async function copyObject(
  storage: StorageDeps,
  actor: S3Actor,
  from: CopyFrom,
  to: CopyTo,
): Promise<ObjectRecord> {
  const asks = copyAsks(from, to);
  await actor.demand(...asks);
  checkCopyable(from.object, storage.clock());
  return writeObject(storage, {
    bucket: to.bucket,
    key: to.key,
    source: copySource(storage, from.object, null),
    ...attributesOf(from, to),
    ...(await newObjectOf(storage, actor, to.bucket)),
    preconditions: { ifMatch: to.ifMatch ?? null, ifNoneMatch: null },
    guard: actor.guard(...asks),
  });
}
