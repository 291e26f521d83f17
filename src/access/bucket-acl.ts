// What may be said in ACLs, and how they are shown. https://docs.aws.amazon.com/AmazonS3/latest/userguide/acl-overview.html
import { isPublicAcl } from '../policy/acl.ts';
import type { Acl } from '../shared/acl.ts';
import { S3Error } from '../shared/errors.ts';
import type { BucketAccess } from './bucket-access.ts';

/** Errors: AccessDenied. */
export function refusePublic({ block }: BucketAccess, acl: Acl | null): void {
  if (block?.blockPublicAcls !== true || acl === null || !isPublicAcl(acl)) return;
  throw new S3Error('AccessDenied', {
    message: 'Access Denied: public ACLs are prevented by the BlockPublicAcls setting in S3 Block Public Access.',
  });
}

/** Where there is none, the owner has full control. */
export const shownAcl = (owner: string, acl: Acl | null | undefined): Acl =>
  acl ?? [{ grantee: { type: 'account', canonicalId: owner }, permission: 'FULL_CONTROL' }];
