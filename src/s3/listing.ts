// What ListObjects and ListObjectsV2 share: parameters, entries, encoding.
import type { ListedObject } from '../metadata/tables/listed-object.ts';
import type { BucketRecord } from '../metadata/tables/objects.ts';
import { escapeText } from '../shared/xml-text.ts';
import type { ListedEntry, ObjectListing } from '../storage/list-objects.ts';
import type { OwnerXml } from './acl/listed-owners.ts';
import type { S3Request } from './operation.ts';
import type { Encoding } from './parameters.ts';
import { findCount, listingEncoding, MAX_COUNT } from './parameters.ts';
import { element, group, isoTime } from './xml/write.ts';

export const MAX_PAGE = 1000;

export type ListingInput = {
  readonly prefix: string;
  readonly delimiter: string | null;
  readonly maxKeys: number;
  readonly encodingType: string | null;
  readonly encode: Encoding;
};

export function parseListing(request: S3Request): ListingInput {
  const { type, encode } = listingEncoding(request);
  const delimiter = request.query.get('delimiter') ?? '';
  return {
    prefix: request.query.get('prefix') ?? '',
    delimiter: delimiter === '' ? null : delimiter,
    maxKeys: Math.min(MAX_PAGE, findCount(request, 'max-keys', { min: 0, max: MAX_COUNT }) ?? MAX_PAGE),
    encodingType: type,
    encode,
  };
}

/** `max-keys=0` asks for nothing and gets it, without a truncation that could never end. */
export const emptyListing: ObjectListing<ListedObject> = { entries: [], truncated: false, next: null };

/** A page has a thousand: one text, put together at once. */
function contentsXml(
  { key, object }: Extract<ListedEntry<ListedObject>, { kind: 'object' }>,
  encode: Encoding,
  ownerOf: OwnerXml,
): string {
  const { lastModified, etag, checksum, sizeBytes, storageClass } = object;
  const checksumXml =
    checksum === null
      ? ''
      : `<ChecksumAlgorithm>${checksum.algorithm}</ChecksumAlgorithm><ChecksumType>${checksum.type}</ChecksumType>`;
  return `<Contents><Key>${escapeText(encode(key))}</Key><LastModified>${isoTime(lastModified)}</LastModified><ETag>&quot;${etag}&quot;</ETag>${checksumXml}<Size>${sizeBytes}</Size>${ownerOf(object)}<StorageClass>${escapeText(storageClass)}</StorageClass></Contents>`;
}

/** `<Contents>` and `<CommonPrefixes>`. */
export function entriesXml(entries: readonly ListedEntry<ListedObject>[], encode: Encoding, ownerOf: OwnerXml): string {
  let objects = '';
  let prefixes = '';
  for (const entry of entries) {
    if (entry.kind === 'object') objects += contentsXml(entry, encode, ownerOf);
    else prefixes += group('CommonPrefixes', element('Prefix', encode(entry.prefix)));
  }
  return objects + prefixes;
}

/** The objects of a page, whose owners may be asked for. */
export const objectsIn = (entries: readonly ListedEntry<ListedObject>[]): ListedObject[] =>
  entries.flatMap((entry) => (entry.kind === 'object' ? [entry.object] : []));

/** The elements every page begins with, in S3's order. */
export function listingHead(bucket: BucketRecord, input: ListingInput, listing: ObjectListing<ListedObject>): string {
  return (
    element('Name', bucket.name) +
    element('Prefix', input.encode(input.prefix)) +
    element('MaxKeys', input.maxKeys) +
    element('Delimiter', input.delimiter === null ? null : input.encode(input.delimiter)) +
    element('EncodingType', input.encodingType) +
    element('IsTruncated', listing.truncated)
  );
}
