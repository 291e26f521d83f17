// Who may use a bucket that is being made, as the request and the server's defaults say.
import { allBlocked, type BucketAccess } from '../access/bucket-access.ts';
import type { ObjectOwnership } from '../metadata/tables/access.ts';
import { isPublicAcl } from '../policy/acl.ts';
import { S3Error } from '../shared/errors.ts';
import type { SetConfigurations } from '../storage/bucket-configurations.ts';
import type { CreateBucketOptions } from '../storage/buckets.ts';
import { resolveAcl } from './acl/new-acl.ts';
import { findRequestedAcl, type RequestedAcl } from './acl/requested-acl.ts';
import { parseOwnership } from './object-ownership.ts';
import type { Permission, S3Request } from './operation.ts';
import { findHeader, invalidArgument } from './parameters.ts';
import type { S3Services } from './services.ts';

export type NewBucketAccess = { readonly ownership: ObjectOwnership | null; readonly acl: RequestedAcl | null };

export function parseNewBucketAccess(request: S3Request): NewBucketAccess {
  const header = 'x-amz-object-ownership';
  const text = findHeader(request, header) ?? '';
  const ownership = parseOwnership(text) ?? null;
  if (text !== '' && ownership === null) throw invalidArgument(header, text, `Invalid ${header} header: ${text}`);
  return { ownership, acl: findRequestedAcl(request) };
}

export function newBucketPermissions({ ownership, acl }: NewBucketAccess): Permission[] {
  return [
    ...(ownership === null ? [] : [{ action: 's3:PutBucketOwnershipControls' }]),
    ...(acl === null ? [] : [{ action: 's3:PutBucketAcl' }]),
  ];
}

type Made = Pick<CreateBucketOptions, 'accessDefaults'> & { readonly configurations: SetConfigurations };

/** Errors: InvalidBucketAclWithObjectOwnership, InvalidBucketAclWithBlockPublicAccessError, and those of grants. */
export async function newBucketAccess(
  services: S3Services,
  { ownership, acl: requested }: NewBucketAccess,
  owner: string,
): Promise<Made> {
  const isLegacy = services.bucketDefaults === 'legacy';
  const effective: Pick<BucketAccess, 'ownership' | 'block'> = {
    ownership: ownership ?? (isLegacy ? null : 'BucketOwnerEnforced'),
    block: isLegacy ? null : allBlocked,
  };
  const acl = requested === null ? null : await resolveAcl(services, requested, { owner, bucketOwner: owner });
  if (acl !== null && effective.ownership === 'BucketOwnerEnforced') {
    throw new S3Error('InvalidBucketAclWithObjectOwnership');
  }
  if (acl !== null && effective.block !== null && isPublicAcl(acl)) {
    throw new S3Error('InvalidBucketAclWithBlockPublicAccessError');
  }
  return {
    ...(isLegacy ? { accessDefaults: 'legacy' } : {}),
    configurations: {
      ...(ownership === null ? {} : { ownership: { v: 1, ownership } }),
      ...(acl === null ? {} : { acl: { v: 1, grants: acl } }),
    },
  };
}
