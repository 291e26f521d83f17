// https://docs.aws.amazon.com/AmazonS3/latest/API/API_PutPublicAccessBlock.html
import type { PublicAccessBlock } from '../../metadata/tables/access.ts';
import { S3Error } from '../../shared/errors.ts';
import { changeConfiguration } from '../../storage/bucket-configurations.ts';
import type { DeclaredOperation, OperationContext } from '../operation.ts';
import { declare } from '../operation.ts';
import { requireAccess, requireBucket } from '../require.ts';
import type { XmlElement } from '../xml/read.ts';
import { childText, malformed, readXml } from '../xml/read.ts';
import { element, resultDocument } from '../xml/write.ts';

const MAX_XML_BYTES = 64 * 1024;

/** Absent is false. */
function parseFlag(root: XmlElement, name: string): boolean {
  const text = (childText(root, name) ?? 'false').trim().toLowerCase();
  if (text !== 'true' && text !== 'false') throw malformed();
  return text === 'true';
}

function parseBlock(bytes: Uint8Array): PublicAccessBlock {
  const root = readXml(bytes, 'PublicAccessBlockConfiguration');
  return {
    blockPublicAcls: parseFlag(root, 'BlockPublicAcls'),
    ignorePublicAcls: parseFlag(root, 'IgnorePublicAcls'),
    blockPublicPolicy: parseFlag(root, 'BlockPublicPolicy'),
    restrictPublicBuckets: parseFlag(root, 'RestrictPublicBuckets'),
  };
}

async function setBlock(context: OperationContext, block: PublicAccessBlock | null): Promise<void> {
  await changeConfiguration(context.services, {
    bucket: requireBucket(context),
    name: 'publicAccessBlock',
    value: { v: 1, block },
    guard: context.guard,
  });
}

const getPublicAccessBlock = declare({
  name: 'GetPublicAccessBlock',
  target: 'bucket',
  method: 'GET',
  match: ['publicAccessBlock'],
  bucketMustExist: true,
  implemented: 'yes',
  input: () => null,
  permissions: () => [{ action: 's3:GetBucketPublicAccessBlock' }],
  run: async (_input, context) => {
    const { name: BucketName } = requireBucket(context);
    const { block } = requireAccess(context);
    if (block === null) throw new S3Error('NoSuchPublicAccessBlockConfiguration', { fields: { BucketName } });
    const body = resultDocument(
      'PublicAccessBlockConfiguration',
      element('BlockPublicAcls', block.blockPublicAcls),
      element('IgnorePublicAcls', block.ignorePublicAcls),
      element('BlockPublicPolicy', block.blockPublicPolicy),
      element('RestrictPublicBuckets', block.restrictPublicBuckets),
    );
    return { status: 200, body };
  },
});

const putPublicAccessBlock = declare({
  name: 'PutPublicAccessBlock',
  target: 'bucket',
  method: 'PUT',
  match: ['publicAccessBlock'],
  bucketMustExist: true,
  implemented: 'yes',
  input: () => null,
  permissions: () => [{ action: 's3:PutBucketPublicAccessBlock' }],
  run: async (_input, context) => {
    await setBlock(context, parseBlock(await context.body.bytes(MAX_XML_BYTES)));
    return { status: 200 };
  },
});

const deletePublicAccessBlock = declare({
  name: 'DeletePublicAccessBlock',
  target: 'bucket',
  method: 'DELETE',
  match: ['publicAccessBlock'],
  bucketMustExist: true,
  implemented: 'yes',
  input: () => null,
  permissions: () => [{ action: 's3:PutBucketPublicAccessBlock' }],
  run: async (_input, context) => {
    await setBlock(context, null);
    return { status: 204 };
  },
});

export const publicAccessBlock: readonly DeclaredOperation[] = [
  getPublicAccessBlock,
  putPublicAccessBlock,
  deletePublicAccessBlock,
];
