// When the restores of archived objects end, the soonest first.
import type { BucketId, BucketName, ObjectKey, VersionId } from '../../shared/ids.ts';
import { encodeKey, KeyReader, prefixRange, tables } from '../keys.ts';
import type { Bytes } from '../metadata-store.ts';

export type RestoreEnd = {
  /** ms since 1970 */
  readonly until: number;
  readonly bucketId: BucketId;
  readonly versionId: VersionId;
  readonly key: ObjectKey;
};

/** Where the bucket is found. A restore that was renewed, or whose object is gone, leaves its row behind. */
export type RestoreEndRecord = { readonly v: 1; readonly region: string; readonly bucket: BucketName };

/** value: RestoreEndRecord */
export const restoreEndKey = ({ until, bucketId, versionId, key }: RestoreEnd): Bytes =>
  encodeKey(tables.restoreEnd, BigInt(until), bucketId, versionId, { tail: key });

/** What ended before `now`. */
export const restoreEndRange = (now: number): { start: Bytes; end: Bytes } => ({
  ...prefixRange(tables.restoreEnd),
  end: encodeKey(tables.restoreEnd, BigInt(now)),
});

export function readRestoreEndKey(bytes: Bytes): RestoreEnd {
  const reader = new KeyReader(bytes);
  const until = Number(reader.uint());
  const bucketId = reader.text() as BucketId;
  const versionId = reader.text() as VersionId;
  return { until, bucketId, versionId, key: reader.tail() as ObjectKey };
}
