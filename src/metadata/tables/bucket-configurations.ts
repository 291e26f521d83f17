// What a bucket is configured with, one row per configuration, in exact form (never as the XML it came in). A further
// kind is one more member of BucketConfigurations; its type belongs to the domain that decides with it.
import type { BucketId } from '../../shared/ids.ts';
import { encodeKey, KeyReader, prefixRange, tables } from '../keys.ts';
import type { Bytes } from '../metadata-store.ts';
import type {
  BucketAclConfiguration,
  BucketPolicyConfiguration,
  OwnershipConfiguration,
  PublicAccessBlockConfiguration,
} from './access.ts';
import type { CorsConfiguration, WebsiteConfiguration } from './web.ts';
import type { LoggingConfiguration } from './access-logs.ts';
import type { NotificationConfiguration } from './events.ts';
import type { LifecycleConfiguration } from './lifecycle.ts';

export type Tag = { readonly key: string; readonly value: string };

export type TaggingConfiguration = { readonly v: 1; readonly tags: readonly Tag[] };

export type RetentionMode = 'GOVERNANCE' | 'COMPLIANCE';

/** What new objects of a bucket with object lock get when the request says nothing. */
export type ObjectLockConfiguration = {
  readonly v: 1;
  readonly rule: {
    readonly mode: RetentionMode;
    readonly unit: 'days' | 'years';
    readonly count: number;
  } | null;
};

/** How new objects are encrypted when the request does not say. */
export type EncryptionConfiguration = {
  readonly v: 1;
  /** null: they are not */
  readonly byDefault:
    | { readonly algorithm: 'AES256' }
    /** `keyId` as it was set; null: the key aws/s3 */
    | { readonly algorithm: 'aws:kms'; readonly keyId: string | null }
    | null;
  /** only shown: it changes nothing here */
  readonly bucketKeyEnabled: boolean;
  /** whether requests may bring keys of their own; absent in the request that set it: null */
  readonly customerKeys: 'blocked' | 'allowed' | null;
};

/** Name of the row → what is in it. Never rename: these names are on disk. */
export type BucketConfigurations = {
  readonly policy: BucketPolicyConfiguration;
  readonly acl: BucketAclConfiguration;
  readonly ownership: OwnershipConfiguration;
  readonly publicAccessBlock: PublicAccessBlockConfiguration;
  readonly tagging: TaggingConfiguration;
  readonly objectLock: ObjectLockConfiguration;
  readonly encryption: EncryptionConfiguration;
  readonly cors: CorsConfiguration;
  readonly website: WebsiteConfiguration;
  readonly lifecycle: LifecycleConfiguration;
  readonly notification: NotificationConfiguration;
  readonly logging: LoggingConfiguration;
};

export type ConfigurationName = keyof BucketConfigurations;

/** value: the record of that name in BucketConfigurations */
export const bucketConfigurationKey = (bucketId: BucketId, name: string): Bytes =>
  encodeKey(tables.bucketConfiguration, bucketId, name);
export const bucketConfigurationRange = (bucketId: BucketId): { start: Bytes; end: Bytes } =>
  prefixRange(tables.bucketConfiguration, bucketId);
export function readBucketConfigurationKey(key: Bytes): ConfigurationName {
  const reader = new KeyReader(key);
  reader.text();
  return reader.text() as ConfigurationName;
}
