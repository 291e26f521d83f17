// https://docs.aws.amazon.com/AmazonS3/latest/API/API_CreateBucket.html
// The bucket belongs to the project of the key that makes it.
import { S3Error } from '../../shared/errors.ts';
import type { Tag } from '../../metadata/tables/bucket-configurations.ts';
import type { BucketName } from '../../shared/ids.ts';
import type { Guard } from '../../storage/storage-deps.ts';
import { createBucket as createStored } from '../../storage/buckets.ts';
import { sseS3 } from '../../storage/encryption-configuration.ts';
import { type NewBucketAccess, newBucketAccess, newBucketPermissions, parseNewBucketAccess } from '../new-bucket.ts';
import type { OperationContext, Permission, S3Request } from '../operation.ts';
import { declare } from '../operation.ts';
import { findHeader } from '../parameters.ts';
import { requireBucketName, requireSigned } from '../require.ts';
import { MAX_TAGGING_BYTES, parseTagSet } from '../tagging.ts';
import { childText, findChild, readXml } from '../xml/read.ts';

const MAX_XML_BYTES = MAX_TAGGING_BYTES;

type Asked = { readonly location: string; readonly tags: readonly Tag[] };

function parseConfiguration(bytes: Uint8Array): Asked {
  if (bytes.byteLength === 0) return { location: '', tags: [] };
  const root = readXml(bytes, 'CreateBucketConfiguration');
  if ((findChild(root, 'Location') ?? findChild(root, 'Bucket')) !== undefined) throw new S3Error('NotImplemented');
  const tags = findChild(root, 'Tags');
  return {
    location: childText(root, 'LocationConstraint')?.trim() ?? '',
    tags: tags === undefined ? [] : parseTagSet(tags, 'bucket'),
  };
}

/** `us-east-1` is what clients without a region of their own say; it is as good as none unless regions are strict. */
function checkLocation(location: string, { services }: OperationContext): void {
  const asked = location.toUpperCase();
  if (asked === '' || asked === services.region || (asked === 'US-EAST-1' && !services.strictRegion)) return;
  const isRegion = services.regionNames.some((name) => name === asked);
  throw new S3Error(isRegion ? 'IllegalLocationConstraintException' : 'InvalidLocationConstraint', {
    message: isRegion
      ? `The ${location} location constraint is incompatible for the region specific endpoint this request was sent to.`
      : `The specified location constraint is not valid. This endpoint's region is ${services.region}.`,
    fields: { LocationConstraint: location },
  });
}

type CreateInput = NewBucketAccess & { readonly name: BucketName; readonly objectLock: boolean };

/** A bucket with object lock is made with versioning on: both are permissions of their own. */
const lockPermissions: readonly Permission[] = [
  { action: 's3:PutBucketObjectLockConfiguration' },
  { action: 's3:PutBucketVersioning' },
];

function wantsObjectLock(request: S3Request): boolean {
  return findHeader(request, 'x-amz-bucket-object-lock-enabled')?.toLowerCase() === 'true';
}

/** Throws AccessDenied. Tags are told only by the body, so their permission is asked for when it was read. */
async function guardTags(context: OperationContext): Promise<Guard> {
  const permission: Permission = { action: 's3:PutBucketTagging' };
  if (!(await context.allows(permission))) throw new S3Error('AccessDenied');
  const again = context.guardFor([permission]);
  return async (transaction) => {
    await context.guard(transaction);
    await again(transaction);
  };
}

async function create(
  { name, objectLock, ...access }: CreateInput,
  tags: readonly Tag[],
  context: OperationContext,
): Promise<void> {
  const { identity, projectId } = requireSigned(context);
  const { accountId, canonicalId } = identity;
  const { configurations, ...defaults } = await newBucketAccess(context.services, access, canonicalId);
  const encryption = context.services.bucketDefaults === 'aws' ? { encryption: sseS3 } : {};
  await createStored(context.services, {
    ...defaults,
    name,
    account: { accountId, canonicalId },
    projectId,
    objectLock,
    configurations: { ...encryption, ...configurations, ...(tags.length === 0 ? {} : { tagging: { v: 1, tags } }) },
    maxBuckets: context.services.limits['buckets-per-project'],
    guard: tags.length === 0 ? context.guard : await guardTags(context),
  });
}

/** As in us-east-1, and only there: what asks for a bucket that it has, has it. */
function isMineAlready({ services }: OperationContext, error: unknown): boolean {
  return services.bucketDefaults === 'legacy' && error instanceof S3Error && error.code === 'BucketAlreadyOwnedByYou';
}

export const createBucket = declare({
  name: 'CreateBucket',
  target: 'bucket',
  method: 'PUT',
  match: [],
  bucketMustExist: false,
  implemented: 'yes',
  input: (request) => ({
    ...parseNewBucketAccess(request),
    name: requireBucketName(request),
    objectLock: wantsObjectLock(request),
  }),
  permissions: (input) => [
    { action: 's3:CreateBucket' },
    ...(input.objectLock ? lockPermissions : []),
    ...newBucketPermissions(input),
  ],
  run: async (input, context) => {
    const { location, tags } = parseConfiguration(await context.body.bytes(MAX_XML_BYTES));
    checkLocation(location, context);
    try {
      await create(input, tags, context);
    } catch (error) {
      if (!isMineAlready(context, error)) throw error;
    }
    return { status: 200, headers: { location: `/${input.name}`, 'x-amz-bucket-arn': `arn:aws:s3:::${input.name}` } };
  },
});
