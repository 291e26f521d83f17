// What a request will read after its signer: its bucket, and when it reads an object, that. Read ahead with the first
// question, an object costs one round trip to the metadata store, and one more when its bytes stand there too.
import type { Bytes } from '../metadata/metadata-store.ts';
import { type BucketRecord, bucketKey, currentKey } from '../metadata/tables/objects.ts';
import type { BucketId, BucketName } from '../shared/ids.ts';
import type { S3Request } from './operation.ts';

/** Which id a bucket had when last seen: saves a round trip when it still has it, decides nothing. */
export type BucketIds = Map<BucketName, BucketId>;

const MAX_BUCKETS = 10_000;

export const isReading = ({ method }: Pick<S3Request, 'method'>): boolean => method === 'GET' || method === 'HEAD';

export function likelyKeys(ids: BucketIds, region: string, request: S3Request): Bytes[] {
  const { bucket, key, query } = request;
  if (bucket === null) return [];
  const keys = [bucketKey(region, bucket)];
  const id = ids.get(bucket);
  if (id !== undefined && key !== null && isReading(request) && !query.has('versionId')) keys.push(currentKey(id, key));
  return keys;
}

export function rememberBucket(ids: BucketIds, bucket: BucketRecord | null): void {
  if (bucket === null || ids.get(bucket.name) === bucket.bucketId) return;
  if (ids.size >= MAX_BUCKETS) ids.clear();
  ids.set(bucket.name, bucket.bucketId);
}
