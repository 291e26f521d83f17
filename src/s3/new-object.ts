// What PutObject, CopyObject and CreateMultipartUpload read from their headers alike.
import type { EncryptionRequest } from '../encryption/object-encryption.ts';
import type { Tag } from '../metadata/tables/bucket-configurations.ts';
import type { ObjectLock, SystemMetadata } from '../metadata/tables/objects.ts';
import type { ObjectKey } from '../shared/ids.ts';
import { findRequestedAcl, type RequestedAcl } from './acl/requested-acl.ts';
import { parseEncryption } from './encryption-headers.ts';
import { parseSystemMetadata, parseUserMetadata } from './object-headers.ts';
import { parseLockHeaders } from './object-lock.ts';
import type { Permission, S3Request } from './operation.ts';
import { requireKey } from './require.ts';
import { findStorageClass } from './storage-class.ts';
import { parseTaggingHeader } from './tagging.ts';
import { refuseUnsupportedForWrites } from './unsupported-headers.ts';
import { refuseVersionId } from './versions.ts';

export type NewObject = {
  readonly key: ObjectKey;
  readonly system: SystemMetadata;
  readonly user: Readonly<Record<string, string>>;
  /** null: the bucket's own */
  readonly storageClass: string | null;
  /** null: private */
  readonly acl: RequestedAcl | null;
  /** null: the bucket's own. Asked after authorization: a policy may deny what is not even valid. */
  readonly encryption: () => EncryptionRequest | null;
  /** absent: none */
  readonly tags?: readonly Tag[];
  /** absent, or in part null: the bucket's default */
  readonly lock?: ObjectLock;
};

export function parseNewObject(request: S3Request): NewObject {
  refuseVersionId(request);
  refuseUnsupportedForWrites(request);
  const tags = parseTaggingHeader(request);
  const lock = parseLockHeaders(request);
  return {
    key: requireKey(request),
    system: parseSystemMetadata(request),
    user: parseUserMetadata(request),
    storageClass: findStorageClass(request),
    acl: findRequestedAcl(request),
    encryption: () => parseEncryption(request),
    ...(tags === undefined ? {} : { tags }),
    ...(lock === undefined ? {} : { lock }),
  };
}

/** Writing is one permission, tagging and locking what is written are others. */
export function newObjectPermissions({
  tags,
  lock,
}: {
  readonly tags?: NewObject['tags'] | undefined;
  readonly lock?: NewObject['lock'] | undefined;
}): readonly [Permission, ...Permission[]] {
  const more: Permission[] = [];
  if (tags !== undefined) more.push({ action: 's3:PutObjectTagging', isNew: true });
  if ((lock?.retention ?? null) !== null) more.push({ action: 's3:PutObjectRetention' });
  if ((lock?.legalHold ?? null) !== null) more.push({ action: 's3:PutObjectLegalHold' });
  return [{ action: 's3:PutObject' }, ...more];
}
