// Versioning and object lock of a bucket: both stand in its record, because every write needs them.
import type { ObjectLockConfiguration } from '../metadata/tables/bucket-configurations.ts';
import type { BucketRecord } from '../metadata/tables/objects.ts';
import { S3Error } from '../shared/errors.ts';
import { changeBucket, putConfiguration } from './bucket-configurations.ts';
import type { Guard, StorageDeps } from './storage-deps.ts';

type Change = { readonly bucket: BucketRecord; readonly guard: Guard };
type Deps = Pick<StorageDeps, 'store'>;

/** Errors: InvalidBucketState (a bucket with object lock keeps its versions). */
export async function setVersioning(
  deps: Deps,
  options: Change & { readonly status: 'enabled' | 'suspended' },
): Promise<void> {
  await changeBucket(deps, options, async (current) => {
    if (current.objectLock && options.status !== 'enabled') {
      throw new S3Error('InvalidBucketState', {
        message: 'An Object Lock configuration is present on this bucket, so the versioning state cannot be changed.',
      });
    }
    return { ...current, versioning: options.status };
  });
}

/** Turns object lock on, for good, and sets what new objects get. Errors: InvalidBucketState (versioning is not on). */
export async function setObjectLock(
  deps: Deps,
  options: Change & { readonly rule: ObjectLockConfiguration['rule'] },
): Promise<void> {
  await changeBucket(deps, options, async (current, transaction) => {
    if (current.versioning !== 'enabled') {
      throw new S3Error('InvalidBucketState', {
        message: "Versioning must be 'Enabled' on the bucket to apply a Object Lock configuration",
      });
    }
    putConfiguration(transaction, current.bucketId, 'objectLock', { v: 1, rule: options.rule });
    return { ...current, objectLock: true };
  });
}

/** 100 years. https://docs.aws.amazon.com/AmazonS3/latest/userguide/object-lock-managing.html */
const most = { days: 36_500, years: 100 } as const;

/** How long new objects are kept. Errors: InvalidArgument. */
export function checkPeriod(unit: keyof typeof most, count: number): number {
  const fields = { ArgumentName: unit === 'days' ? 'Days' : 'Years', ArgumentValue: String(count) };
  if (count < 1) {
    const message = 'Default retention period must be a positive integer value.';
    throw new S3Error('InvalidArgument', { message, fields });
  }
  if (count <= most[unit]) return count;
  const message = `Default retention period too large: at most ${most[unit]}.`;
  throw new S3Error('InvalidArgument', { message, fields });
}
