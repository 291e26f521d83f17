// From the ACL a request asks for to the one that is stored, with what object ownership and the public access block
// make of it. https://docs.aws.amazon.com/AmazonS3/latest/userguide/about-object-ownership.html
import { refusePublic } from '../../access/bucket-acl.ts';
import { type BucketAccess, aclsEnabled } from '../../access/bucket-access.ts';
import { ANONYMOUS_ID, resolveGrants } from '../../access/grantees.ts';
import type { Principal } from '../../access/principal.ts';
import type { BucketRecord, ObjectAccess } from '../../metadata/tables/objects.ts';
import type { Acl, AclGrant, AclPermission } from '../../shared/acl.ts';
import { S3Error } from '../../shared/errors.ts';
import type { Guard } from '../../storage/storage-deps.ts';
import type { OperationContext, Permission } from '../operation.ts';
import { requireAccess, requireBucket } from '../require.ts';
import type { S3Services } from '../services.ts';
import type { CannedAcl, RequestedAcl } from './requested-acl.ts';

export type Owners = { readonly owner: string; readonly bucketOwner: string };

const account = (canonicalId: string, permission: AclPermission): AclGrant => ({
  grantee: { type: 'account', canonicalId },
  permission,
});
const toGroup = (group: 'AllUsers' | 'AuthenticatedUsers' | 'LogDelivery', permission: AclPermission): AclGrant => ({
  grantee: { type: 'group', group },
  permission,
});

/** Amazon EC2, which fetches machine images with it; here the name has no account behind it. */
const EXEC_READ_ID = '6aa5a366c34c1cbe25dc49211496e913e0351eb0e8c37aa3477e40942ec6b97c';

const cannedGrants: Readonly<Record<CannedAcl, (owners: Owners) => Acl>> = {
  private: () => [],
  'public-read': () => [toGroup('AllUsers', 'READ')],
  'public-read-write': () => [toGroup('AllUsers', 'READ'), toGroup('AllUsers', 'WRITE')],
  'authenticated-read': () => [toGroup('AuthenticatedUsers', 'READ')],
  'aws-exec-read': () => [account(EXEC_READ_ID, 'READ')],
  'bucket-owner-read': ({ bucketOwner, owner }) => (bucketOwner === owner ? [] : [account(bucketOwner, 'READ')]),
  'bucket-owner-full-control': ({ bucketOwner, owner }) =>
    bucketOwner === owner ? [] : [account(bucketOwner, 'FULL_CONTROL')],
  'log-delivery-write': () => [toGroup('LogDelivery', 'WRITE'), toGroup('LogDelivery', 'READ_ACP')],
};

/** null: private to its owner. Errors: those of `resolveGrants`, AccessDenied (an XML that names another owner). */
export async function resolveAcl(services: S3Services, requested: RequestedAcl, owners: Owners): Promise<Acl | null> {
  if (requested.kind === 'grants') {
    if (requested.ownerId !== null && requested.ownerId !== owners.owner) throw new S3Error('AccessDenied');
    return resolveGrants(services, requested.grants);
  }
  const grants = cannedGrants[requested.name](owners);
  return grants.length === 0 ? null : [...grants, account(owners.owner, 'FULL_CONTROL')];
}

/** The bucket's owner has full control and nobody else anything: what may be said where ACLs are disabled. */
export function isOwnersAlone(requested: RequestedAcl, bucketOwner: string): boolean {
  if (requested.kind === 'canned') return requested.name === 'bucket-owner-full-control';
  const { grants } = requested;
  return (
    grants.length > 0 &&
    grants.every(
      ({ grantee, permission }) =>
        grantee.by === 'id' && grantee.value === bucketOwner && permission === 'FULL_CONTROL',
    )
  );
}

/** Errors: AccessControlListNotSupported. */
export function refuseWhereDisabled(access: BucketAccess, requested: RequestedAcl, bucket: BucketRecord): void {
  if (!aclsEnabled(access) && !isOwnersAlone(requested, bucket.ownerCanonicalId)) {
    throw new S3Error('AccessControlListNotSupported');
  }
}

export const canonicalIdOf = (principal: Principal): string =>
  principal.kind === 'anonymous' ? ANONYMOUS_ID : principal.identity.canonicalId;

/** Whose a new object will be. */
function newOwner({ ownership }: BucketAccess, requested: RequestedAcl | null, owners: Owners): string {
  if (ownership === 'BucketOwnerEnforced') return owners.bucketOwner;
  const handsOver = requested?.kind === 'canned' && requested.name === 'bucket-owner-full-control';
  return ownership === 'BucketOwnerPreferred' && handsOver ? owners.bucketOwner : owners.owner;
}

/**
 * Owner and ACL of an object that is about to be written; `guard` asks again for the right to set that ACL. Before the
 * body is read. Errors: AccessControlListNotSupported, AccessDenied, InvalidArgument.
 */
export async function newObjectAccess(
  context: OperationContext,
  requested: RequestedAcl | null,
): Promise<{ readonly access: ObjectAccess; readonly guard: Guard }> {
  const bucket = requireBucket(context);
  const access = requireAccess(context);
  const bucketOwner = bucket.ownerCanonicalId;
  const writer = canonicalIdOf(context.principal);
  const owner = newOwner(access, requested, { owner: writer, bucketOwner });
  const owned = owner === bucketOwner ? {} : { ownerCanonicalId: owner };
  if (requested === null) return { access: owned, guard: context.guard };
  if (!aclsEnabled(access)) {
    // Different from AWS: `private` from the owner says what holds anyway, and older clients send it with every object.
    const isHarmless = requested.kind === 'canned' && requested.name === 'private' && writer === bucketOwner;
    if (!isHarmless) refuseWhereDisabled(access, requested, bucket);
    return { access: owned, guard: context.guard };
  }
  // what one is about to write is one's own, also when it is handed over with that
  const permission: Permission = { action: 's3:PutObjectAcl', newOwner: writer };
  if (!(await context.allows(permission))) throw new S3Error('AccessDenied');
  const acl = await resolveAcl(context.services, requested, { owner, bucketOwner });
  refusePublic(access, acl);
  const again = context.guardFor([permission]);
  const guard: Guard = async (transaction) => {
    await context.guard(transaction);
    await again(transaction);
  };
  return { access: { ...owned, ...(acl === null ? {} : { acl }) }, guard };
}
