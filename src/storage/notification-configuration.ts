// Setting who is told of a bucket's events: the bucket's record says that somebody is, so that every other bucket's writes
// need not ask.
import type { Transaction } from '../metadata/metadata-store.ts';
import type { NotificationConfiguration } from '../metadata/tables/events.ts';
import type { BucketRecord } from '../metadata/tables/objects.ts';
import { changeBucket, putConfiguration } from './bucket-configurations.ts';
import type { Guard, StorageDeps } from './storage-deps.ts';

/** No rules take the configuration away. `told`: part of the commit. */
export async function setNotification(
  deps: Pick<StorageDeps, 'store'>,
  options: {
    readonly bucket: BucketRecord;
    readonly value: NotificationConfiguration;
    readonly guard: Guard;
    readonly told: (transaction: Transaction, bucket: BucketRecord) => void;
  },
): Promise<void> {
  await changeBucket(deps, options, async (current, transaction) => {
    const { notifies: _before, ...bucket } = current;
    const isEmpty = options.value.rules.length === 0;
    putConfiguration(transaction, bucket.bucketId, 'notification', isEmpty ? null : options.value);
    options.told(transaction, current);
    return isEmpty ? bucket : { ...bucket, notifies: true };
  });
}
