import { bucketAccessOf, effectiveAcl } from '../../access/bucket-access.ts';
import type { BucketRecord } from '../../metadata/tables/objects.ts';
import { isPublicAcl } from '../../policy/acl.ts';
import { bucketUsage } from '../../projects/usage.ts';
import { configurationsOf, type SetConfigurations } from '../../storage/bucket-configurations.ts';
import type { StorageDeps } from '../../storage/storage-deps.ts';
import type { BucketView } from '../contract/buckets.ts';
import { isoTime } from '../views/times.ts';

const encryptionNames = { AES256: 'SSE-S3', 'aws:kms': 'SSE-KMS' } as const;

function isPublic(bucket: BucketRecord, configurations: SetConfigurations): boolean {
  const access = bucketAccessOf(bucket, configurations);
  const byPolicy = access.policy?.isPublic === true && access.block?.restrictPublicBuckets !== true;
  const acl = effectiveAcl(access, access.acl);
  return byPolicy || (acl !== null && isPublicAcl(acl));
}

export async function viewBucket(deps: StorageDeps, bucket: BucketRecord): Promise<BucketView> {
  const [configurations, usage] = await Promise.all([
    configurationsOf(deps, bucket),
    bucketUsage(deps, bucket.bucketId),
  ]);
  const byDefault = configurations.encryption?.byDefault ?? null;
  return {
    name: bucket.name,
    createdAt: isoTime(bucket.createdAt),
    ...usage,
    storageClass: bucket.defaultStorageClass,
    versioning: bucket.versioning,
    objectLock: bucket.objectLock,
    publicAccess: isPublic(bucket, configurations),
    encryption: byDefault === null ? 'none' : encryptionNames[byDefault.algorithm],
  };
}
