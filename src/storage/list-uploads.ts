// ListMultipartUploads (by key, then initiation) and ListParts.
import { keyAfter, prefixEnd } from '../metadata/keys.ts';
import type { Bytes, Snapshot } from '../metadata/metadata-store.ts';
import {
  type BucketRecord,
  partKey,
  partRange,
  type PartRecord,
  readUploadByKeyKey,
  type UploadRecord,
  uploadByKeyKey,
  uploadByKeyRange,
  uploadKey,
} from '../metadata/tables/objects.ts';
import { decodeRecord } from '../metadata/tables/record.ts';
import type { UploadId } from '../shared/ids.ts';
import { commonPrefixOf, type KeyWalk, laterOf, walkKeys, type WalkedItem } from './key-walk.ts';
import { getOpenUpload, parseUploadId, type UploadName } from './multipart.ts';
import type { StorageDeps } from './storage-deps.ts';

export type ListUploadsOptions = {
  readonly bucket: BucketRecord;
  readonly prefix: string;
  readonly delimiter: string | null;
  readonly keyMarker: string | null;
  /** only with `keyMarker`: also uploads of that very key, begun after this one */
  readonly uploadIdMarker: string | null;
  readonly maxUploads: number;
};

export type ListedUpload =
  | { readonly kind: 'upload'; readonly upload: UploadRecord }
  | { readonly kind: 'prefix'; readonly prefix: string };

export type UploadListing = {
  readonly entries: readonly ListedUpload[];
  readonly truncated: boolean;
  /** markers of the next page; null when this is the last */
  readonly next: { readonly keyMarker: string; readonly uploadIdMarker: string } | null;
};

export async function listUploads(deps: StorageDeps, options: ListUploadsOptions): Promise<UploadListing> {
  return deps.store.read(async (snapshot) => {
    const walk = { ...uploadWalk(options), read: snapshot.range.bind(snapshot) };
    const { items, truncated } = await walkKeys(walk);
    const last = items.at(-1);
    return {
      entries: await withRecords(snapshot, options.bucket, items),
      truncated,
      next: truncated && last !== undefined ? markersOf(last) : null,
    };
  });
}

function uploadWalk(options: ListUploadsOptions): Omit<KeyWalk, 'read'> {
  const { prefix, keyMarker } = options;
  const { bucketId } = options.bucket;
  const delimiter = options.delimiter === '' ? null : options.delimiter;
  const { start, end } = uploadByKeyRange(bucketId, prefix);
  const below = keyMarker?.startsWith(prefix) ? commonPrefixOf(keyMarker, prefix, delimiter) : null;
  const afterPrefix = (text: string): Bytes => uploadByKeyRange(bucketId, text).end;
  const resumeAt = below === null ? afterMarkers(options) : afterPrefix(below);
  const keyOf = (encoded: Bytes): string => readUploadByKeyKey(encoded).key;
  return { start: laterOf(start, resumeAt), end, prefix, delimiter, limit: options.maxUploads, keyOf, afterPrefix };
}

function afterMarkers({ bucket: { bucketId }, prefix, keyMarker, uploadIdMarker }: ListUploadsOptions): Bytes {
  if (keyMarker === null || keyMarker === '') return uploadByKeyRange(bucketId, prefix).start;
  if (uploadIdMarker === null || uploadIdMarker === '') {
    return prefixEnd(uploadByKeyKey(bucketId, keyMarker, '' as UploadId));
  }
  return keyAfter(uploadByKeyKey(bucketId, keyMarker, uploadIdMarker as UploadId));
}

function markersOf(last: WalkedItem): { keyMarker: string; uploadIdMarker: string } {
  if (last.kind === 'prefix') return { keyMarker: last.prefix, uploadIdMarker: '' };
  return { keyMarker: last.key, uploadIdMarker: readUploadByKeyKey(last.entry.key).uploadId };
}

async function withRecords(
  snapshot: Snapshot,
  { bucketId }: BucketRecord,
  items: readonly WalkedItem[],
): Promise<ListedUpload[]> {
  const keys = items.flatMap((item) =>
    item.kind === 'entry' ? [uploadKey(bucketId, readUploadByKeyKey(item.entry.key).uploadId)] : [],
  );
  const values = (await snapshot.getMany(keys)).values();
  return items.flatMap((item): ListedUpload[] => {
    if (item.kind === 'prefix') return [item];
    const value = values.next().value;
    return value === undefined ? [] : [{ kind: 'upload', upload: decodeRecord<UploadRecord>(value) }];
  });
}

export type ListPartsOptions = UploadName & {
  /** only parts after this number; 0: from the first */
  readonly partNumberMarker: number;
  readonly maxParts: number;
};

export type PartListing = {
  readonly upload: UploadRecord;
  readonly parts: readonly PartRecord[];
  readonly truncated: boolean;
  /** marker of the next page, null when this is the last */
  readonly next: number | null;
};

/** Errors: NoSuchUpload. */
export async function listParts(deps: StorageDeps, options: ListPartsOptions): Promise<PartListing> {
  const { bucket, maxParts } = options;
  const uploadId = parseUploadId(options.uploadId);
  return deps.store.read(async (snapshot) => {
    const upload = await getOpenUpload(snapshot, options);
    if (maxParts === 0) return { upload, parts: [], truncated: false, next: null };
    const start = partKey(bucket.bucketId, uploadId, options.partNumberMarker + 1);
    const { end } = partRange(bucket.bucketId, uploadId);
    const entries = await snapshot.range({ start, end, limit: maxParts + 1 });
    const parts = entries.slice(0, maxParts).map(({ value }) => decodeRecord<PartRecord>(value));
    const truncated = entries.length > maxParts;
    return { upload, parts, truncated, next: truncated ? (parts.at(-1)?.partNumber ?? null) : null };
  });
}
