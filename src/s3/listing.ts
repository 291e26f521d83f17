// What ListObjects and ListObjectsV2 share: parameters, entries, encoding.
import type { BucketRecord, ObjectRecord } from '../metadata/tables/objects.ts';
import type { ListedEntry, ObjectListing } from '../storage/list-objects.ts';
import type { OwnerXml } from './acl/listed-owners.ts';
import type { S3Request } from './operation.ts';
import type { Encoding } from './parameters.ts';
import { findCount, listingEncoding, MAX_COUNT } from './parameters.ts';
import { element, group, isoTime, quoted } from './xml/write.ts';

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
export const emptyListing: ObjectListing = { entries: [], truncated: false, next: null };

function contentsXml(entry: Extract<ListedEntry, { kind: 'object' }>, encode: Encoding, ownerOf: OwnerXml): string {
  const { object } = entry;
  return group(
    'Contents',
    element('Key', encode(entry.key)),
    element('LastModified', isoTime(object.lastModified)),
    element('ETag', quoted(object.etag)),
    element('ChecksumAlgorithm', object.checksum?.algorithm),
    element('ChecksumType', object.checksum?.type),
    element('Size', object.sizeBytes),
    ownerOf(object),
    element('StorageClass', object.storageClass),
  );
}

/** `<Contents>` and `<CommonPrefixes>`. */
export function entriesXml(entries: readonly ListedEntry[], encode: Encoding, ownerOf: OwnerXml): string {
  const objects: string[] = [];
  const prefixes: string[] = [];
  for (const entry of entries) {
    if (entry.kind === 'object') objects.push(contentsXml(entry, encode, ownerOf));
    else prefixes.push(group('CommonPrefixes', element('Prefix', encode(entry.prefix))));
  }
  return objects.join('') + prefixes.join('');
}

/** The objects of a page, whose owners may be asked for. */
export const objectsIn = (entries: readonly ListedEntry[]): ObjectRecord[] =>
  entries.flatMap((entry) => (entry.kind === 'object' ? [entry.object] : []));

/** The elements every page begins with, in S3's order. */
export function listingHead(bucket: BucketRecord, input: ListingInput, listing: ObjectListing): string {
  return (
    element('Name', bucket.name) +
    element('Prefix', input.encode(input.prefix)) +
    element('MaxKeys', input.maxKeys) +
    element('Delimiter', input.delimiter === null ? null : input.encode(input.delimiter)) +
    element('EncodingType', input.encodingType) +
    element('IsTruncated', listing.truncated)
  );
}
