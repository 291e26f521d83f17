// Server access logs: where a bucket's go, and lines that wait to be delivered.
import type { Acl } from '../../shared/acl.ts';
import type { BucketId, BucketName } from '../../shared/ids.ts';
import { encodeKey, KeyReader, prefixRange, tables } from '../keys.ts';
import type { Bytes } from '../metadata-store.ts';

/** How the keys of log objects begin after the prefix. */
export type LogKeyFormat =
  | { readonly kind: 'simple' }
  | { readonly kind: 'partitioned'; readonly dateSource: 'EventTime' | 'DeliveryTime' };

export type LoggingConfiguration = {
  readonly v: 1;
  readonly targetBucket: BucketName;
  readonly targetPrefix: string;
  readonly keyFormat: LogKeyFormat;
  /** on each log object, beside what its owner has; absent: none */
  readonly targetGrants?: Acl;
};

/** Some lines of one worker. */
export type AccessLogRecord = {
  readonly v: 1;
  readonly region: string;
  readonly bucket: BucketName;
  readonly lines: readonly string[];
};

/** value: AccessLogRecord, by source bucket, then in order of time */
export const accessLogKey = (bucketId: BucketId, writtenAt: number, id: string): Bytes =>
  encodeKey(tables.accessLog, bucketId, BigInt(writtenAt), id);
export const accessLogRange = (): { start: Bytes; end: Bytes } => prefixRange(tables.accessLog);
export const accessLogOfBucketRange = (bucketId: BucketId): { start: Bytes; end: Bytes } =>
  prefixRange(tables.accessLog, bucketId);
export function readAccessLogKey(key: Bytes): { bucketId: BucketId; writtenAt: number } {
  const reader = new KeyReader(key);
  return { bucketId: reader.text() as BucketId, writtenAt: Number(reader.uint()) };
}
