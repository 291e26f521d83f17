// The buckets a request names, loaded before anything is decided about them.
import { bucketAccessOf } from '../access/bucket-access.ts';
import type { BucketRecord } from '../metadata/tables/objects.ts';
import { S3Error } from '../shared/errors.ts';
import type { BucketName } from '../shared/ids.ts';
import { configurationsOf, knownConfigurations } from '../storage/bucket-configurations.ts';
import { findBucket } from '../storage/buckets.ts';
import type { RequestBuckets } from './authorize-request.ts';
import type { DeclaredOperation, Permission, S3Request } from './operation.ts';
import { findHeader } from './parameters.ts';
import type { S3Services } from './services.ts';

function noSuchBucket(name: BucketName): never {
  throw new S3Error('NoSuchBucket', { fields: { BucketName: name } });
}

/** https://docs.aws.amazon.com/AmazonS3/latest/userguide/bucket-owner-condition.html */
function checkExpectedOwner(request: S3Request, header: string, bucket: BucketRecord | null): void {
  const expected = findHeader(request, header);
  if (expected === undefined || bucket === null) return;
  if (!/^\d{12}$/.test(expected)) {
    throw new S3Error('InvalidBucketOwnerAWSAccountID', { fields: { ArgumentName: header, ArgumentValue: expected } });
  }
  if (expected !== bucket.accountId) throw new S3Error('AccessDenied');
}

export async function loadBuckets(
  services: S3Services,
  operation: DeclaredOperation,
  request: S3Request,
  permissions: readonly Permission[],
): Promise<RequestBuckets> {
  if (!operation.bucketMustExist || request.bucket === null) return { bucket: null, otherBucket: null, access: null };
  const bucket = (await findBucket(services, request.bucket)) ?? noSuchBucket(request.bucket);
  checkExpectedOwner(request, 'x-amz-expected-bucket-owner', bucket);
  const set = knownConfigurations(services, bucket) ?? (await configurationsOf(services, bucket));
  const access = bucketAccessOf(bucket, set);
  const other = permissions.find(({ on }) => on !== undefined)?.on?.bucket;
  if (other === undefined) return { bucket, otherBucket: null, access };
  const otherBucket = other === bucket.name ? bucket : ((await findBucket(services, other)) ?? noSuchBucket(other));
  checkExpectedOwner(request, 'x-amz-source-expected-bucket-owner', otherBucket);
  return { bucket, otherBucket, access };
}
