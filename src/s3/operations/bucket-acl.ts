// https://docs.aws.amazon.com/AmazonS3/latest/API/API_PutBucketAcl.html
import { aclsEnabled } from '../../access/bucket-access.ts';
import type { BucketAccess } from '../../access/bucket-access.ts';
import type { BucketRecord } from '../../metadata/tables/objects.ts';
import { changeConfiguration } from '../../storage/bucket-configurations.ts';
import { aclXml } from '../acl/acl-xml.ts';
import { isOwnersAlone, refuseWhereDisabled, resolveAcl } from '../acl/new-acl.ts';
import { refusePublic, shownAcl } from '../../access/bucket-acl.ts';
import { accountsIn, readOwnerNames } from '../../access/owner-names.ts';
import { readRequestedAcl } from '../acl/read-requested-acl.ts';
import { findRequestedAcl } from '../acl/requested-acl.ts';
import type { DeclaredOperation } from '../operation.ts';
import { declare } from '../operation.ts';
import { requireAccess, requireBucket } from '../require.ts';

const grantsOf = ({ ownerCanonicalId }: BucketRecord, access: BucketAccess) =>
  shownAcl(ownerCanonicalId, aclsEnabled(access) ? access.acl : null);

const getBucketAcl = declare({
  name: 'GetBucketAcl',
  target: 'bucket',
  method: 'GET',
  match: ['acl'],
  bucketMustExist: true,
  implemented: 'yes',
  input: () => null,
  permissions: () => [{ action: 's3:GetBucketAcl' }],
  run: async (_input, context) => {
    const bucket = requireBucket(context);
    const grants = grantsOf(bucket, requireAccess(context));
    const names = await readOwnerNames(context.services, [bucket.ownerCanonicalId, ...accountsIn(grants)]);
    return { status: 200, body: aclXml(bucket.ownerCanonicalId, grants, names) };
  },
});

const putBucketAcl = declare({
  name: 'PutBucketAcl',
  target: 'bucket',
  method: 'PUT',
  match: ['acl'],
  bucketMustExist: true,
  implemented: 'yes',
  input: findRequestedAcl,
  permissions: () => [{ action: 's3:PutBucketAcl' }],
  run: async (inHeaders, context) => {
    const bucket = requireBucket(context);
    const access = requireAccess(context);
    const requested = await readRequestedAcl(context, inHeaders);
    refuseWhereDisabled(access, requested, bucket);
    if (!aclsEnabled(access) && isOwnersAlone(requested, bucket.ownerCanonicalId)) return { status: 200 };
    const owner = bucket.ownerCanonicalId;
    const grants = await resolveAcl(context.services, requested, { owner, bucketOwner: owner });
    refusePublic(access, grants);
    const value = grants === null ? null : ({ v: 1, grants } as const);
    await changeConfiguration(context.services, { bucket, name: 'acl', value, guard: context.guard });
    return { status: 200 };
  },
});

export const bucketAcl: readonly DeclaredOperation[] = [getBucketAcl, putBucketAcl];
