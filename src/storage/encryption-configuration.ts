// How new objects of a bucket are encrypted when the request does not say.
import type { EncryptionConfiguration } from '../metadata/tables/bucket-configurations.ts';
import type { BucketRecord } from '../metadata/tables/objects.ts';
import { changeConfiguration, configurationsOf } from './bucket-configurations.ts';
import type { Guard, StorageDeps } from './storage-deps.ts';

type Deps = Pick<StorageDeps, 'store'>;
type Change = { readonly bucket: BucketRecord; readonly guard: Guard };

/** What a bucket has that nobody configured, and goes back to when its configuration is deleted. */
export const sseS3: EncryptionConfiguration = {
  v: 1,
  byDefault: { algorithm: 'AES256' },
  bucketKeyEnabled: false,
  customerKeys: null,
};

/** What is left out stays as it is: blocking customers' keys and choosing a default are two matters. */
export async function setEncryption(
  deps: Deps,
  { bucket, guard, asked }: Change & { readonly asked: EncryptionConfiguration },
): Promise<void> {
  const { encryption: before = null } = await configurationsOf(deps, bucket);
  const value: EncryptionConfiguration = {
    ...asked,
    byDefault: asked.byDefault ?? before?.byDefault ?? null,
    customerKeys: asked.customerKeys ?? before?.customerKeys ?? null,
  };
  await changeConfiguration(deps, { bucket, name: 'encryption', value, guard });
}

/** Back to what the server gives new buckets. */
export async function resetEncryption(
  deps: Deps & { readonly bucketDefaults: 'aws' | 'legacy' },
  { bucket, guard }: Change,
): Promise<void> {
  const value = deps.bucketDefaults === 'aws' ? sseS3 : null;
  await changeConfiguration(deps, { bucket, name: 'encryption', value, guard });
}
