// Who owns what others write into a bucket. https://docs.aws.amazon.com/AmazonS3/latest/userguide/about-object-ownership.html
import type { ObjectOwnership } from '../metadata/tables/access.ts';
import type { BucketRecord } from '../metadata/tables/objects.ts';
import type { Acl } from '../shared/acl.ts';
import { S3Error } from '../shared/errors.ts';
import { changeBucket, configurationIn, putConfiguration } from './bucket-configurations.ts';
import type { Guard, StorageDeps } from './storage-deps.ts';

/** Does the ACL give anything to others than the owner? */
function sharesWithOthers(grants: Acl, { ownerCanonicalId }: BucketRecord): boolean {
  return grants.some(({ grantee }) => grantee.type === 'group' || grantee.canonicalId !== ownerCanonicalId);
}

/** ACLs can be disabled only while the bucket's own gives nothing away. Errors: InvalidBucketAclWithObjectOwnership. */
export async function setOwnership(
  deps: Pick<StorageDeps, 'store'>,
  options: {
    readonly bucket: BucketRecord;
    /** null: taken away */
    readonly ownership: ObjectOwnership | null;
    readonly guard: Guard;
  },
): Promise<void> {
  const { ownership } = options;
  await changeBucket(deps, options, async (bucket, transaction) => {
    const acl = await configurationIn(transaction, bucket.bucketId, 'acl');
    if (ownership === 'BucketOwnerEnforced' && acl !== null && sharesWithOthers(acl.grants, bucket)) {
      throw new S3Error('InvalidBucketAclWithObjectOwnership');
    }
    putConfiguration(transaction, bucket.bucketId, 'ownership', { v: 1, ownership });
    return bucket;
  });
}
