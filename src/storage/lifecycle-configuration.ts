// Setting a bucket's lifecycle rules also puts the bucket on the job's list, in the same commit.
import type { LifecycleConfiguration, LifecycleProgress } from '../metadata/tables/lifecycle.ts';
import { lifecycleProgressKey } from '../metadata/tables/lifecycle.ts';
import type { BucketRecord } from '../metadata/tables/objects.ts';
import { encodeRecord } from '../metadata/tables/record.ts';
import { changeBucket, putConfiguration } from './bucket-configurations.ts';
import type { Guard, StorageDeps } from './storage-deps.ts';

/** `value` null takes the rules away. The job begins the bucket anew. */
export async function setLifecycle(
  deps: Pick<StorageDeps, 'store'>,
  options: { readonly bucket: BucketRecord; readonly value: LifecycleConfiguration | null; readonly guard: Guard },
): Promise<void> {
  await changeBucket(deps, options, async (current, transaction) => {
    const { bucketId, region, name } = current;
    putConfiguration(transaction, bucketId, 'lifecycle', options.value);
    const progress: LifecycleProgress = { v: 1, region, name, finishedDay: null, walk: null };
    if (options.value === null) transaction.delete(lifecycleProgressKey(bucketId));
    else transaction.put(lifecycleProgressKey(bucketId), encodeRecord(progress));
    return current;
  });
}
