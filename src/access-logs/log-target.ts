// Where a bucket's access log may go. https://docs.aws.amazon.com/AmazonS3/latest/API/API_PutBucketLogging.html
// Different from AWS on purpose: a policy for the logging service is not needed. Log and target have the same owner, and
// who sets it up must be allowed to write to the target.
import { refusePublic } from '../access/bucket-acl.ts';
import { aclsEnabled, bucketAccessOf } from '../access/bucket-access.ts';
import { checkCount, type RequestedGrant, resolveGrants } from '../access/grantees.ts';
import type { LoggingConfiguration } from '../metadata/tables/access-logs.ts';
import type { BucketRecord } from '../metadata/tables/objects.ts';
import { S3Error } from '../shared/errors.ts';
import type { ObjectKey } from '../shared/ids.ts';
import { configurationsOf } from '../storage/bucket-configurations.ts';
import { findBucket } from '../storage/buckets.ts';
import type { StorageDeps } from '../storage/storage-deps.ts';

const MAX_PREFIX_BYTES = 800;

type Deps = Pick<StorageDeps, 'store' | 'region'>;
type Asked = {
  readonly source: BucketRecord;
  readonly logging: LoggingConfiguration;
  readonly grants: readonly RequestedGrant[];
  /** may whoever sets this write the key into that bucket? */
  readonly allows: (target: BucketRecord, key: ObjectKey) => Promise<boolean>;
};

/** Errors: InvalidTargetBucketForLogging, InvalidArgument, AccessDenied, AccessControlListNotSupported. */
export async function resolveLogTarget(deps: Deps, asked: Asked): Promise<LoggingConfiguration> {
  const { logging, grants } = asked;
  if (Buffer.byteLength(logging.targetPrefix) > MAX_PREFIX_BYTES) {
    throw new S3Error('InvalidArgument', { message: `TargetPrefix can have ${MAX_PREFIX_BYTES} bytes at most.` });
  }
  const target = await findTarget(deps, asked);
  if (grants.length === 0) return logging;
  const access = bucketAccessOf(target, await configurationsOf(deps, target));
  if (!aclsEnabled(access)) {
    const message = 'Target grants not allowed for bucket owner enforced buckets';
    throw new S3Error('AccessControlListNotSupported', { message });
  }
  const targetGrants = await resolveGrants(deps, checkCount(grants));
  refusePublic(access, targetGrants);
  return { ...logging, targetGrants };
}

async function findTarget(deps: Deps, { source, logging, allows }: Asked): Promise<BucketRecord> {
  const { targetBucket, targetPrefix } = logging;
  const target = await findBucket(deps, targetBucket);
  if (target === undefined) throw invalidTarget('The target bucket for logging does not exist', targetBucket);
  if (target.accountId !== source.accountId) {
    throw invalidTarget('The owner for the bucket to be logged and the target bucket must be the same.', targetBucket);
  }
  if (!(await allows(target, `${targetPrefix}log` as ObjectKey))) throw new S3Error('AccessDenied');
  return target;
}

const invalidTarget = (message: string, bucket: string): S3Error =>
  new S3Error('InvalidTargetBucketForLogging', { message, fields: { TargetBucket: bucket } });
