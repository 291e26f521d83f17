// https://docs.aws.amazon.com/AmazonS3/latest/API/API_PutBucketPolicy.html
import { UnknownPrincipalError } from '../../access/named-identities.ts';
import { refusePublicPolicy, removeBucketPolicy, setBucketPolicy } from '../../access/set-bucket-policy.ts';
import type { BucketRecord } from '../../metadata/tables/objects.ts';
import { parseBucketPolicy } from '../../policy/bucket-policy.ts';
import { MalformedPolicyError } from '../../policy/malformed-policy.ts';
import type { Policy } from '../../policy/policy.ts';
import { S3Error } from '../../shared/errors.ts';
import { readConfiguration } from '../../storage/bucket-configurations.ts';
import type { DeclaredOperation, OperationContext } from '../operation.ts';
import { declare } from '../operation.ts';
import { requireAccess, requireBucket } from '../require.ts';
import { element, resultDocument } from '../xml/write.ts';

/** White space does not count towards the 20 KiB of a policy; there is an end to it nevertheless. */
const MAX_BODY_BYTES = 256 * 1024;

const noPolicy = ({ name }: BucketRecord): S3Error =>
  new S3Error('NoSuchBucketPolicy', { fields: { BucketName: name } });

/** Even who may, may not from another account. */
function requireOwnAccount(context: OperationContext): BucketRecord {
  const { principal } = context;
  const bucket = requireBucket(context);
  if (principal.kind !== 'anonymous' && principal.identity.accountId === bucket.accountId) return bucket;
  throw new S3Error('MethodNotAllowed');
}

function decode(bytes: Uint8Array): string {
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: false }).decode(bytes);
  } catch {
    throw new S3Error('MalformedPolicy', { message: 'This policy contains invalid Json' });
  }
}

/** S3's own sentence for those who look for it; the detail says where and what to write. */
function parse(document: string, bucket: BucketRecord): Policy {
  try {
    return parseBucketPolicy(document, bucket.name);
  } catch (error) {
    if (!(error instanceof MalformedPolicyError)) throw error;
    const { s3Message, message, line, column } = error;
    const place = line > 1 || column > 1 ? ` (line ${line}, column ${column})` : '';
    throw new S3Error('MalformedPolicy', { message: s3Message, fields: { Detail: `${message}${place}` } });
  }
}

function asMalformed(error: unknown): unknown {
  if (!(error instanceof UnknownPrincipalError)) return error;
  return new S3Error('MalformedPolicy', {
    message: 'Invalid principal in policy',
    fields: { Detail: `"AWS" : "${error.written}"` },
  });
}

async function setPolicy(context: OperationContext, document: string): Promise<void> {
  const bucket = requireOwnAccount(context);
  const policy = parse(document, bucket);
  refusePublicPolicy(requireAccess(context), policy);
  try {
    await setBucketPolicy(context.services, { bucket, document, policy, guard: context.guard });
  } catch (error) {
    throw asMalformed(error);
  }
}

const putBucketPolicy = declare({
  name: 'PutBucketPolicy',
  target: 'bucket',
  method: 'PUT',
  match: ['policy'],
  bucketMustExist: true,
  implemented: 'yes',
  input: () => null,
  permissions: () => [{ action: 's3:PutBucketPolicy' }],
  run: async (_input, context) => {
    await setPolicy(context, decode(await context.body.bytes(MAX_BODY_BYTES)));
    return { status: 204 };
  },
});

const getBucketPolicy = declare({
  name: 'GetBucketPolicy',
  target: 'bucket',
  method: 'GET',
  match: ['policy'],
  bucketMustExist: true,
  implemented: 'yes',
  input: () => null,
  permissions: () => [{ action: 's3:GetBucketPolicy' }],
  run: async (_input, context) => {
    const bucket = requireOwnAccount(context);
    const policy = await readConfiguration(context.services, bucket, 'policy');
    if (policy === null) throw noPolicy(bucket);
    const body = Buffer.from(policy.document, 'utf8');
    const headers = { 'content-type': 'application/json', 'content-length': String(body.byteLength) };
    return { status: 200, headers, body };
  },
});

const deleteBucketPolicy = declare({
  name: 'DeleteBucketPolicy',
  target: 'bucket',
  method: 'DELETE',
  match: ['policy'],
  bucketMustExist: true,
  implemented: 'yes',
  input: () => null,
  permissions: () => [{ action: 's3:DeleteBucketPolicy' }],
  run: async (_input, context) => {
    const bucket = requireOwnAccount(context);
    await removeBucketPolicy(context.services, { bucket, guard: context.guard });
    return { status: 204 };
  },
});

const getBucketPolicyStatus = declare({
  name: 'GetBucketPolicyStatus',
  target: 'bucket',
  method: 'GET',
  match: ['policyStatus'],
  bucketMustExist: true,
  implemented: 'yes',
  input: () => null,
  permissions: () => [{ action: 's3:GetBucketPolicyStatus' }],
  run: async (_input, context) => {
    const bucket = requireOwnAccount(context);
    const { policy } = requireAccess(context);
    if (policy === null) throw noPolicy(bucket);
    return { status: 200, body: resultDocument('PolicyStatus', element('IsPublic', policy.isPublic)) };
  },
});

export const bucketPolicy: readonly DeclaredOperation[] = [
  putBucketPolicy,
  getBucketPolicy,
  deleteBucketPolicy,
  getBucketPolicyStatus,
];
