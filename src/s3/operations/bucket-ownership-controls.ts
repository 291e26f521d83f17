// https://docs.aws.amazon.com/AmazonS3/latest/API/API_PutBucketOwnershipControls.html
import type { ObjectOwnership } from '../../metadata/tables/access.ts';
import type { BucketRecord } from '../../metadata/tables/objects.ts';
import type { Acl } from '../../shared/acl.ts';
import { S3Error } from '../../shared/errors.ts';
import { changeBucket, configurationIn, putConfiguration } from '../../storage/bucket-configurations.ts';
import { parseOwnership } from '../object-ownership.ts';
import type { DeclaredOperation, OperationContext } from '../operation.ts';
import { declare } from '../operation.ts';
import { requireAccess, requireBucket } from '../require.ts';
import { childrenNamed, malformed, readXml, requiredText } from '../xml/read.ts';
import { element, group, resultDocument } from '../xml/write.ts';

const MAX_XML_BYTES = 64 * 1024;

function parseControls(bytes: Uint8Array): ObjectOwnership {
  const [rule, ...more] = childrenNamed(readXml(bytes, 'OwnershipControls'), 'Rule');
  const ownership = rule === undefined ? undefined : parseOwnership(requiredText(rule, 'ObjectOwnership').trim());
  if (ownership === undefined || more.length > 0) throw malformed();
  return ownership;
}

/** Does the ACL give anything to others than the owner? */
function sharesWithOthers(grants: Acl, { ownerCanonicalId }: BucketRecord): boolean {
  return grants.some(({ grantee }) => grantee.type === 'group' || grantee.canonicalId !== ownerCanonicalId);
}

/** ACLs can be disabled only while the bucket's own gives nothing away. */
async function setOwnership(context: OperationContext, ownership: ObjectOwnership | null): Promise<void> {
  const options = { bucket: requireBucket(context), guard: context.guard };
  await changeBucket(context.services, options, async (bucket, transaction) => {
    const acl = await configurationIn(transaction, bucket.bucketId, 'acl');
    if (ownership === 'BucketOwnerEnforced' && acl !== null && sharesWithOthers(acl.grants, bucket)) {
      throw new S3Error('InvalidBucketAclWithObjectOwnership');
    }
    putConfiguration(transaction, bucket.bucketId, 'ownership', { v: 1, ownership });
    return bucket;
  });
}

const getBucketOwnershipControls = declare({
  name: 'GetBucketOwnershipControls',
  target: 'bucket',
  method: 'GET',
  match: ['ownershipControls'],
  bucketMustExist: true,
  implemented: 'yes',
  input: () => null,
  permissions: () => [{ action: 's3:GetBucketOwnershipControls' }],
  run: async (_input, context) => {
    const { name: BucketName } = requireBucket(context);
    const { ownership } = requireAccess(context);
    if (ownership === null) throw new S3Error('OwnershipControlsNotFoundError', { fields: { BucketName } });
    const rule = group('Rule', element('ObjectOwnership', ownership));
    return { status: 200, body: resultDocument('OwnershipControls', rule) };
  },
});

const putBucketOwnershipControls = declare({
  name: 'PutBucketOwnershipControls',
  target: 'bucket',
  method: 'PUT',
  match: ['ownershipControls'],
  bucketMustExist: true,
  implemented: 'yes',
  input: () => null,
  permissions: () => [{ action: 's3:PutBucketOwnershipControls' }],
  run: async (_input, context) => {
    await setOwnership(context, parseControls(await context.body.bytes(MAX_XML_BYTES)));
    return { status: 200 };
  },
});

const deleteBucketOwnershipControls = declare({
  name: 'DeleteBucketOwnershipControls',
  target: 'bucket',
  method: 'DELETE',
  match: ['ownershipControls'],
  bucketMustExist: true,
  implemented: 'yes',
  input: () => null,
  permissions: () => [{ action: 's3:PutBucketOwnershipControls' }],
  run: async (_input, context) => {
    await setOwnership(context, null);
    return { status: 204 };
  },
});

export const bucketOwnershipControls: readonly DeclaredOperation[] = [
  getBucketOwnershipControls,
  putBucketOwnershipControls,
  deleteBucketOwnershipControls,
];
