// https://docs.aws.amazon.com/AmazonS3/latest/API/API_PutBucketOwnershipControls.html
import type { ObjectOwnership } from '../../metadata/tables/access.ts';
import { S3Error } from '../../shared/errors.ts';
import { setOwnership } from '../../storage/ownership.ts';
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

async function change(context: OperationContext, ownership: ObjectOwnership | null): Promise<void> {
  await setOwnership(context.services, { bucket: requireBucket(context), ownership, guard: context.guard });
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
    await change(context, parseControls(await context.body.bytes(MAX_XML_BYTES)));
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
    await change(context, null);
    return { status: 204 };
  },
});

export const bucketOwnershipControls: readonly DeclaredOperation[] = [
  getBucketOwnershipControls,
  putBucketOwnershipControls,
  deleteBucketOwnershipControls,
];
