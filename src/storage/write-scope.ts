// What every write reads and counts inside its commit: the bucket and the project as they are at that moment. Reading
// the bucket's row is what makes a PUT and a DeleteBucket exclude each other.
import type { Bytes, Snapshot, Transaction } from '../metadata/metadata-store.ts';
import { type ProjectRecord, projectKey } from '../metadata/tables/identities.ts';
import { type BucketRecord, bucketKey, usageKey } from '../metadata/tables/objects.ts';
import { decodeShared } from '../metadata/tables/record.ts';
import { S3Error } from '../shared/errors.ts';

export type WriteScope = { readonly bucket: BucketRecord; readonly project: ProjectRecord };

/** Adds to what is stored; negative gives back. */
export type UsageDelta = { readonly bytes: number; readonly objects: number };

export const scopeKeys = (bucket: BucketRecord): readonly [Bytes, Bytes] => [
  bucketKey(bucket.region, bucket.name),
  projectKey(bucket.projectId),
];

/** From the values of `scopeKeys`. A bucket deleted (and perhaps made anew) meanwhile is not the one that was asked for. */
export function parseScope(
  asked: BucketRecord,
  bucketValue: Bytes | undefined,
  projectValue: Bytes | undefined,
): WriteScope {
  const bucket = bucketValue === undefined ? undefined : decodeShared<BucketRecord>(bucketValue);
  if (bucket?.bucketId !== asked.bucketId) throw new S3Error('NoSuchBucket', { fields: { BucketName: asked.name } });
  const project = projectValue === undefined ? undefined : decodeShared<ProjectRecord>(projectValue);
  if (project === undefined || project.trashedAt !== null) {
    throw new S3Error('AccessDenied', {
      message: 'The project of this bucket is deleted. Restore the project to use it.',
    });
  }
  return { bucket, project };
}

/** Counts a change of what is stored; more bytes than the project's quota end the commit with QuotaExceeded. */
export function charge(transaction: Transaction, { bucket, project }: WriteScope, delta: UsageDelta): void {
  const scopes = [{ project: project.projectId }, { bucket: bucket.bucketId }];
  for (const scope of scopes) {
    // A write that does not grow the project is always allowed, over quota too.
    const quota = 'project' in scope && delta.bytes > 0 ? BigInt(project.quotaBytes) : undefined;
    if (delta.bytes !== 0) transaction.add(usageKey(scope, 'bytes'), BigInt(delta.bytes), quota);
    if (delta.objects !== 0) transaction.add(usageKey(scope, 'objects'), BigInt(delta.objects));
  }
}

/** A look ahead, so that a body that will not fit is refused before it is received. The commit decides. */
export async function checkRoom(snapshot: Snapshot, { project }: WriteScope, growthBytes: number): Promise<void> {
  const used = await snapshot.count(usageKey({ project: project.projectId }, 'bytes'));
  if (growthBytes > 0 && used + BigInt(growthBytes) > BigInt(project.quotaBytes)) throw new S3Error('QuotaExceeded');
}
