import { askOf, missingKey, versioned } from '../../access/s3-actor.ts';
import type { ObjectRecord } from '../../metadata/tables/objects.ts';
import { S3Error } from '../../shared/errors.ts';
import type { ObjectKey } from '../../shared/ids.ts';
import { findVersion, isMarker } from '../../storage/find-version.ts';
import type { BucketScope } from './bucket-scope.ts';

export type ObjectName = {
  readonly key: ObjectKey;
  /** null: the current one */
  readonly versionId: string | null;
};

/** Errors: AccessDenied, NoSuchKey, NoSuchVersion, MethodNotAllowed (a delete marker is named). */
export async function readableObject(scope: BucketScope, { key, versionId }: ObjectName): Promise<ObjectRecord> {
  const { actor, bucket, storage } = scope;
  await actor.demand(askOf(versioned('Get', versionId), bucket, key, { versionId }));
  const found = await findVersion(storage, bucket, key, versionId);
  if (found !== undefined && !isMarker(found)) return found;
  if (versionId === null) throw await missingKey(actor, bucket, key);
  if (found === undefined) throw new S3Error('NoSuchVersion');
  throw new S3Error('MethodNotAllowed', {
    message: 'This version is a delete marker: there is nothing to read in it.',
  });
}
