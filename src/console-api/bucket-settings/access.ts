// Ownership, ACL, public access block. The policy has routes of its own: it is kept as it was written.
import { refusePublic, shownAcl } from '../../access/bucket-acl.ts';
import { aclsEnabled, bucketAccessOf } from '../../access/bucket-access.ts';
import { checkCount, groupUris, type RequestedGrant, resolveGrants } from '../../access/grantees.ts';
import { accountsIn, type OwnerNames, readOwnerNames } from '../../access/owner-names.ts';
import type { AclGrant } from '../../shared/acl.ts';
import { S3Error } from '../../shared/errors.ts';
import { changeConfiguration, configurationsOf } from '../../storage/bucket-configurations.ts';
import { setOwnership } from '../../storage/ownership.ts';
import {
  aclDocument,
  type GrantDocument,
  ownershipDocument,
  publicAccessBlockDocument,
} from '../contract/bucket-settings.ts';
import { setting, type SettingScope, written } from './setting.ts';

const accessOf = async ({ storage, bucket }: SettingScope) =>
  bucketAccessOf(bucket, await configurationsOf(storage, bucket));

export const ownership = setting({
  path: 'ownership',
  name: 'BucketOwnershipControls',
  summary: 'Who owns what others upload, and whether ACLs are in use',
  document: ownershipDocument,
  reads: 's3:GetBucketOwnershipControls',
  writes: 's3:PutBucketOwnershipControls',
  read: async (scope) => {
    const { ownership: set } = await accessOf(scope);
    return { Rules: set === null ? [] : [{ ObjectOwnership: set }] };
  },
  write: ({ storage }, { Rules: [rule] }, change) =>
    setOwnership(storage, { ...change, ownership: rule?.ObjectOwnership ?? null }),
});

export const publicAccessBlock = setting({
  path: 'public-access-block',
  name: 'PublicAccessBlock',
  summary: 'What keeps the bucket from strangers, whatever its policy and ACLs say',
  document: publicAccessBlockDocument,
  reads: 's3:GetBucketPublicAccessBlock',
  writes: 's3:PutBucketPublicAccessBlock',
  read: async (scope) => {
    const { block } = await accessOf(scope);
    return {
      BlockPublicAcls: block?.blockPublicAcls ?? false,
      IgnorePublicAcls: block?.ignorePublicAcls ?? false,
      BlockPublicPolicy: block?.blockPublicPolicy ?? false,
      RestrictPublicBuckets: block?.restrictPublicBuckets ?? false,
    };
  },
  write: async ({ storage }, document, change) => {
    const block = {
      blockPublicAcls: document.BlockPublicAcls,
      ignorePublicAcls: document.IgnorePublicAcls,
      blockPublicPolicy: document.BlockPublicPolicy,
      restrictPublicBuckets: document.RestrictPublicBuckets,
    };
    await changeConfiguration(storage, { ...change, name: 'publicAccessBlock', value: { v: 1, block } });
  },
});

export function writtenGrant({ grantee, permission }: AclGrant, names: OwnerNames): GrantDocument {
  const Grantee: GrantDocument['Grantee'] =
    grantee.type === 'group'
      ? { Type: 'Group', URI: groupUris[grantee.group] }
      : {
          Type: 'CanonicalUser',
          ID: grantee.canonicalId,
          ...written({ DisplayName: names.get(grantee.canonicalId) }),
        };
  return { Grantee, Permission: permission };
}

/** Told by what is inside, as S3 does. */
export function requestedGrant({ Grantee, Permission }: GrantDocument): RequestedGrant {
  const { ID, URI, EmailAddress } = Grantee;
  if (ID !== undefined) return { grantee: { by: 'id', value: ID.trim() }, permission: Permission };
  if (URI !== undefined) return { grantee: { by: 'uri', value: URI.trim() }, permission: Permission };
  if (EmailAddress !== undefined) {
    return { grantee: { by: 'emailAddress', value: EmailAddress.trim() }, permission: Permission };
  }
  throw new S3Error('MalformedACLError', { message: 'A Grantee needs an ID, a URI or an EmailAddress.' });
}

export const acl = setting({
  path: 'acl',
  name: 'BucketAcl',
  summary: 'What is granted to other accounts and to groups',
  document: aclDocument,
  reads: 's3:GetBucketAcl',
  writes: 's3:PutBucketAcl',
  read: async (scope) => {
    const access = await accessOf(scope);
    const owner = scope.bucket.ownerCanonicalId;
    const grants = shownAcl(owner, aclsEnabled(access) ? access.acl : null);
    const names = await readOwnerNames(scope.storage, [owner, ...accountsIn(grants)]);
    return {
      Owner: { ID: owner, ...written({ DisplayName: names.get(owner) }) },
      Grants: grants.map((grant) => writtenGrant(grant, names)),
    };
  },
  write: async (scope, { Owner, Grants }, change) => {
    const access = await accessOf(scope);
    if (!aclsEnabled(access)) throw new S3Error('AccessControlListNotSupported');
    const { ownerCanonicalId } = scope.bucket;
    if (Owner !== undefined && Owner.ID !== ownerCanonicalId) {
      throw new S3Error('AccessDenied', { message: 'A bucket cannot be given to another owner.' });
    }
    const grants = await resolveGrants(scope.storage, checkCount(Grants.map(requestedGrant)));
    refusePublic(access, grants);
    await changeConfiguration(scope.storage, { ...change, name: 'acl', value: { v: 1, grants } });
  },
});
