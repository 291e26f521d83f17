// https://docs.aws.amazon.com/AmazonS3/latest/API/API_ListObjectVersions.html
import type { ObjectRecord, VersionRecord } from '../../metadata/tables/objects.ts';
import { isMarker } from '../../storage/find-version.ts';
import { type ListedVersion, listVersions, type VersionListing } from '../../storage/list-versions.ts';
import { type OwnerXml, readListedOwners } from '../acl/listed-owners.ts';
import { parseListing } from '../listing.ts';
import { declare, type S3Request } from '../operation.ts';
import { type Encoding, invalidArgument } from '../parameters.ts';
import { requireBucket } from '../require.ts';
import { parseVersionId } from '../versions.ts';
import { element, group, isoTime, quoted, resultDocument } from '../xml/write.ts';

const emptyListing: VersionListing = { entries: [], truncated: false, next: null };

function parseMarkers(request: S3Request): { keyMarker: string | null; versionIdMarker: string | null } {
  const keyMarker = request.query.get('key-marker') || null;
  const versionIdMarker = request.query.get('version-id-marker') || null;
  if (versionIdMarker !== null && keyMarker === null) {
    const message = 'A version-id marker cannot be specified without a key marker.';
    throw invalidArgument('version-id-marker', versionIdMarker, message);
  }
  return { keyMarker, versionIdMarker: parseVersionId(versionIdMarker ?? undefined) };
}

function objectElements(object: ObjectRecord): string {
  return (
    element('ETag', quoted(object.etag)) +
    element('ChecksumAlgorithm', object.checksum?.algorithm) +
    element('ChecksumType', object.checksum?.type) +
    element('Size', object.sizeBytes) +
    element('StorageClass', object.storageClass)
  );
}

function versionXml(entry: Extract<ListedVersion, { kind: 'version' }>, encode: Encoding, ownerOf: OwnerXml): string {
  const record: VersionRecord = entry.record;
  return group(
    isMarker(record) ? 'DeleteMarker' : 'Version',
    element('Key', encode(entry.key)),
    element('VersionId', record.versionId),
    element('IsLatest', entry.isLatest),
    element('LastModified', isoTime(record.lastModified)),
    isMarker(record) ? '' : objectElements(record),
    ownerOf(isMarker(record) ? {} : record),
  );
}

const objectsIn = (entries: readonly ListedVersion[]): ObjectRecord[] =>
  entries.flatMap((entry) => (entry.kind === 'version' && !isMarker(entry.record) ? [entry.record] : []));

function entriesXml(entries: readonly ListedVersion[], encode: Encoding, ownerOf: OwnerXml): string {
  const versions: string[] = [];
  const prefixes: string[] = [];
  for (const entry of entries) {
    if (entry.kind === 'version') versions.push(versionXml(entry, encode, ownerOf));
    else prefixes.push(group('CommonPrefixes', element('Prefix', encode(entry.prefix))));
  }
  return versions.join('') + prefixes.join('');
}

export const listObjectVersions = declare({
  name: 'ListObjectVersions',
  target: 'bucket',
  method: 'GET',
  match: ['versions'],
  bucketMustExist: true,
  implemented: 'yes',
  input: (request) => ({ ...parseListing(request), ...parseMarkers(request) }),
  permissions: () => [{ action: 's3:ListBucketVersions' }],
  run: async (input, context) => {
    const bucket = requireBucket(context);
    const { encode, delimiter, maxKeys, keyMarker } = input;
    const listing = maxKeys === 0 ? emptyListing : await listVersions(context.services, bucket, input);
    const { next } = listing;
    const owners = await readListedOwners(context, objectsIn(listing.entries));
    return {
      status: 200,
      body: resultDocument(
        'ListVersionsResult',
        element('Name', bucket.name),
        element('Prefix', encode(input.prefix)),
        element('KeyMarker', encode(keyMarker ?? '')),
        element('VersionIdMarker', input.versionIdMarker ?? ''),
        element('NextKeyMarker', next === null ? null : encode(next.keyMarker)),
        element('NextVersionIdMarker', next?.versionIdMarker),
        element('MaxKeys', maxKeys),
        element('Delimiter', delimiter === null ? null : encode(delimiter)),
        element('EncodingType', input.encodingType),
        element('IsTruncated', listing.truncated),
        entriesXml(listing.entries, encode, owners),
      ),
    };
  },
});
