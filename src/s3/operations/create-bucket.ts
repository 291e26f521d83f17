// https://docs.aws.amazon.com/AmazonS3/latest/API/API_CreateBucket.html
// The bucket belongs to the project of the key that makes it.
import { S3Error } from '../../shared/errors.ts';
import type { BucketName } from '../../shared/ids.ts';
import { createBucket as createStored } from '../../storage/buckets.ts';
import { sseS3 } from '../../storage/encryption-configuration.ts';
import { type NewBucketAccess, newBucketAccess, newBucketPermissions, parseNewBucketAccess } from '../new-bucket.ts';
import type { OperationContext, Permission, S3Request } from '../operation.ts';
import { declare } from '../operation.ts';
import { findHeader } from '../parameters.ts';
import { requireBucketName, requireSigned } from '../require.ts';
import { childText, findChild, readXml } from '../xml/read.ts';

const MAX_XML_BYTES = 64 * 1024;

function parseLocation(bytes: Uint8Array): string {
  if (bytes.byteLength === 0) return '';
  const root = readXml(bytes, 'CreateBucketConfiguration');
  if ((findChild(root, 'Location') ?? findChild(root, 'Bucket')) !== undefined) throw new S3Error('NotImplemented');
  return childText(root, 'LocationConstraint')?.trim() ?? '';
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

async function create({ name, objectLock, ...access }: CreateInput, context: OperationContext): Promise<void> {
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
    configurations: { ...encryption, ...configurations },
    maxBuckets: context.services.limits['buckets-per-project'],
    guard: context.guard,
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
    checkLocation(parseLocation(await context.body.bytes(MAX_XML_BYTES)), context);
    try {
      await create(input, context);
    } catch (error) {
      if (!isMineAlready(context, error)) throw error;
    }
    return { status: 200, headers: { location: `/${input.name}` } };
  },
});
