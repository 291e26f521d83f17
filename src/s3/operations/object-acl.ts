// https://docs.aws.amazon.com/AmazonS3/latest/API/API_PutObjectAcl.html
import { isDeepStrictEqual } from 'node:util';
import { aclsEnabled } from '../../access/bucket-access.ts';
import type { BucketRecord, ObjectRecord } from '../../metadata/tables/objects.ts';
import type { Acl } from '../../shared/acl.ts';
import { changeObject } from '../../storage/change-object.ts';
import { aclXml } from '../acl/acl-xml.ts';
import { isOwnersAlone, refuseWhereDisabled, resolveAcl } from '../acl/new-acl.ts';
import { refusePublic, shownAcl } from '../../access/bucket-acl.ts';
import { accountsIn, readOwnerNames } from '../../access/owner-names.ts';
import { readRequestedAcl } from '../acl/read-requested-acl.ts';
import { findRequestedAcl } from '../acl/requested-acl.ts';
import { getObjectRecord } from '../object-read.ts';
import type { DeclaredOperation, OperationContext } from '../operation.ts';
import { declare } from '../operation.ts';
import { requireAccess, requireBucket, requireKey } from '../require.ts';
import { versionedAction, versionHeaders, versionOf } from '../versions.ts';

const ownerOf = ({ ownerCanonicalId }: ObjectRecord, bucket: BucketRecord): string =>
  ownerCanonicalId ?? bucket.ownerCanonicalId;

const getObjectAcl = declare({
  name: 'GetObjectAcl',
  target: 'object',
  method: 'GET',
  match: ['acl'],
  bucketMustExist: true,
  implemented: 'yes',
  input: (request) => ({ key: requireKey(request), versionId: versionOf(request) }),
  permissions: ({ versionId }) => [{ action: versionedAction(versionId, 'Get', 'Acl') }],
  run: async (input, context) => {
    const bucket = requireBucket(context);
    const object = await getObjectRecord(context, { ...input, bucket });
    const enabled = aclsEnabled(requireAccess(context));
    const owner = enabled ? ownerOf(object, bucket) : bucket.ownerCanonicalId;
    const grants = shownAcl(owner, enabled ? object.acl : null);
    const names = await readOwnerNames(context.services, [owner, ...accountsIn(grants)]);
    return { status: 200, headers: versionHeaders(bucket, object), body: aclXml(owner, grants, names) };
  },
});

type Target = { readonly key: ReturnType<typeof requireKey>; readonly versionId: string | null };

/** An ACL that is set as it was is no news, as for S3. */
async function setAcl(context: OperationContext, target: Target, acl: Acl | null): Promise<ObjectRecord> {
  const bucket = requireBucket(context);
  const aclOf = (object: ObjectRecord): Acl => shownAcl(ownerOf(object, bucket), object.acl);
  return changeObject(
    context.services,
    { ...target, bucket, guard: context.guard },
    ({ acl: _before, ...object }) => (acl === null ? object : { ...object, acl }),
    {
      told: (before, after) => (isDeepStrictEqual(aclOf(before), aclOf(after)) ? null : 'acl-changed'),
    },
  );
}

const putObjectAcl = declare({
  name: 'PutObjectAcl',
  target: 'object',
  method: 'PUT',
  match: ['acl'],
  bucketMustExist: true,
  implemented: 'yes',
  input: (request) => ({
    target: { key: requireKey(request), versionId: versionOf(request) },
    inHeaders: findRequestedAcl(request),
  }),
  permissions: ({ target }) => [{ action: versionedAction(target.versionId, 'Put', 'Acl') }],
  run: async ({ target, inHeaders }, context) => {
    const bucket = requireBucket(context);
    const access = requireAccess(context);
    const requested = await readRequestedAcl(context, inHeaders);
    const object = await getObjectRecord(context, { ...target, bucket });
    refuseWhereDisabled(access, requested, bucket);
    const bucketOwner = bucket.ownerCanonicalId;
    const headers = versionHeaders(bucket, object);
    if (!aclsEnabled(access) && isOwnersAlone(requested, bucketOwner)) return { status: 200, headers };
    const acl = await resolveAcl(context.services, requested, { owner: ownerOf(object, bucket), bucketOwner });
    refusePublic(access, acl);
    await setAcl(context, target, acl);
    return { status: 200, headers };
  },
});

export const objectAcl: readonly DeclaredOperation[] = [getObjectAcl, putObjectAcl];
