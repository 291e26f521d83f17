// Access control lists: what each permission of a grant is worth.
// https://docs.aws.amazon.com/AmazonS3/latest/userguide/acl-overview.html
import type { Acl, AclGrant, AclGrantee, AclPermission } from '../shared/acl.ts';

export const isPublicGrant = ({ grantee }: AclGrant): boolean =>
  grantee.type === 'group' && grantee.group !== 'LogDelivery';

export const isPublicAcl = (acl: Acl): boolean => acl.some(isPublicGrant);

/** Whoever asks, as ACLs know people. */
export type AclAsker = { readonly kind: 'anonymous' } | { readonly kind: 'account'; readonly canonicalId: string };

const bucketPermissions = new Map<string, AclPermission>([
  ['s3:ListBucket', 'READ'],
  ['s3:ListBucketVersions', 'READ'],
  ['s3:ListBucketMultipartUploads', 'READ'],
  ['s3:PutObject', 'WRITE'],
  ['s3:DeleteObject', 'WRITE'],
  ['s3:AbortMultipartUpload', 'WRITE'],
  ['s3:ListMultipartUploadParts', 'WRITE'],
  ['s3:GetBucketAcl', 'READ_ACP'],
  ['s3:PutBucketAcl', 'WRITE_ACP'],
]);

const objectPermissions = new Map<string, AclPermission>([
  ['s3:GetObject', 'READ'],
  ['s3:GetObjectVersion', 'READ'],
  ['s3:GetObjectAcl', 'READ_ACP'],
  ['s3:GetObjectVersionAcl', 'READ_ACP'],
  ['s3:PutObjectAcl', 'WRITE_ACP'],
  ['s3:PutObjectVersionAcl', 'WRITE_ACP'],
]);

/** Does deciding about the action need the ACL of the object itself? */
export const asksObjectAcl = (action: string): boolean => objectPermissions.has(action);

export type AclSubject = {
  /** null: its owner's alone */
  readonly bucketAcl: Acl | null;
  /** null: the question is about no object, or about one that does not exist */
  readonly object: {
    readonly ownerCanonicalId: string;
    readonly acl: Acl | null;
    /** it is only about to be made */
    readonly isNew?: true;
  } | null;
};

/** How the right came: by name (an account's, which its users share only as far as their policies go) or by a group. */
export type AclAnswer = 'group' | 'account' | 'none';

function strongest(acl: Acl | null, permission: AclPermission, asker: AclAsker): AclAnswer {
  let answer: AclAnswer = 'none';
  for (const grant of acl ?? []) {
    if (grant.permission !== permission && grant.permission !== 'FULL_CONTROL') continue;
    if (isMemberOf(grant.grantee, asker)) return 'group';
    if (isAccount(grant.grantee, asker)) answer = 'account';
  }
  return answer;
}

function isMemberOf(grantee: AclGrantee, asker: AclAsker): boolean {
  if (grantee.type !== 'group') return false;
  // logs are delivered by the server itself, which asks nobody
  if (grantee.group === 'LogDelivery') return false;
  return grantee.group === 'AllUsers' || asker.kind === 'account';
}

const isAccount = (grantee: AclGrantee, asker: AclAsker): boolean =>
  grantee.type === 'account' && asker.kind === 'account' && grantee.canonicalId === asker.canonicalId;

/**
 * What the ACLs give whoever asks. A bucket's own owner is not asked about here (everything is the owner's); an object's
 * owner always reads and writes its ACL, and reads it as long as its ACL was not set otherwise.
 */
export function aclAnswer(action: string, asker: AclAsker, { bucketAcl, object }: AclSubject): AclAnswer {
  if (object?.isNew === true && setsOnNew(action, asker)) return strongest(bucketAcl, 'WRITE', asker);
  const ofBucket = bucketPermissions.get(action);
  if (ofBucket !== undefined) {
    const answer = strongest(bucketAcl, ofBucket, asker);
    return action === 's3:DeleteObject' && !owns(asker, object) ? 'none' : answer;
  }
  const ofObject = objectPermissions.get(action);
  if (ofObject === undefined || object === null) return 'none';
  if (owns(asker, object) && (ofObject !== 'READ' || object.acl === null)) return 'account';
  return strongest(object.acl, ofObject, asker);
}

/** Whoever may write may say with what tags. Nobody in particular owns what he writes, and may yet give it an ACL. */
function setsOnNew(action: string, asker: AclAsker): boolean {
  return action === 's3:PutObjectTagging' || (action === 's3:PutObjectAcl' && asker.kind === 'anonymous');
}

/** A grant to write lets nobody delete what is somebody else's. */
function owns(asker: AclAsker, object: AclSubject['object']): boolean {
  return asker.kind === 'account' && object?.ownerCanonicalId === asker.canonicalId;
}
