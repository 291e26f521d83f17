// https://docs.aws.amazon.com/AmazonS3/latest/API/API_ListMultipartUploads.html
import type { UploadRecord } from '../../metadata/tables/objects.ts';
import type { UploadListing } from '../../storage/list-uploads.ts';
import { listUploads } from '../../storage/list-uploads.ts';
import { type OwnerXml, readListedOwners } from '../acl/listed-owners.ts';
import { initiatorXml, parsePageSize, uploadChecksumElements } from '../multipart.ts';
import { declare } from '../operation.ts';
import type { Encoding } from '../parameters.ts';
import { listingEncoding } from '../parameters.ts';
import { requireBucket } from '../require.ts';
import { element, group, isoTime, resultDocument } from '../xml/write.ts';

const emptyListing: UploadListing = { entries: [], truncated: false, next: null };

function uploadXml(upload: UploadRecord, ownerOf: OwnerXml, encode: Encoding): string {
  return group(
    'Upload',
    element('Key', encode(upload.key)),
    element('UploadId', upload.uploadId),
    initiatorXml(upload),
    ownerOf(upload),
    element('StorageClass', upload.storageClass),
    element('Initiated', isoTime(upload.initiatedAt)),
    uploadChecksumElements(upload),
  );
}

const uploadsIn = ({ entries }: UploadListing): UploadRecord[] =>
  entries.flatMap((entry) => (entry.kind === 'upload' ? [entry.upload] : []));

function entriesXml(listing: UploadListing, ownerOf: OwnerXml, encode: Encoding): string {
  const xml = listing.entries.map((entry) =>
    entry.kind === 'upload'
      ? uploadXml(entry.upload, ownerOf, encode)
      : group('CommonPrefixes', element('Prefix', encode(entry.prefix))),
  );
  return xml.join('');
}

export const listMultipartUploads = declare({
  name: 'ListMultipartUploads',
  target: 'bucket',
  method: 'GET',
  match: ['uploads'],
  bucketMustExist: true,
  implemented: 'yes',
  input: (request) => ({
    ...listingEncoding(request),
    prefix: request.query.get('prefix') ?? '',
    delimiter: request.query.get('delimiter') || null,
    keyMarker: request.query.get('key-marker') || null,
    uploadIdMarker: request.query.get('upload-id-marker') || null,
    maxUploads: parsePageSize(request, 'max-uploads'),
  }),
  permissions: () => [{ action: 's3:ListBucketMultipartUploads' }],
  run: async (input, context) => {
    const bucket = requireBucket(context);
    const { encode, delimiter, maxUploads } = input;
    const listing = maxUploads === 0 ? emptyListing : await listUploads(context.services, { ...input, bucket });
    const owners = await readListedOwners(context, uploadsIn(listing));
    return {
      status: 200,
      body: resultDocument(
        'ListMultipartUploadsResult',
        element('Bucket', bucket.name),
        element('KeyMarker', encode(input.keyMarker ?? '')),
        element('UploadIdMarker', input.keyMarker === null ? '' : (input.uploadIdMarker ?? '')),
        element('NextKeyMarker', listing.next === null ? null : encode(listing.next.keyMarker)),
        element('NextUploadIdMarker', listing.next?.uploadIdMarker),
        element('Prefix', encode(input.prefix)),
        element('Delimiter', delimiter === null ? null : encode(delimiter)),
        element('EncodingType', input.type),
        element('MaxUploads', maxUploads),
        element('IsTruncated', listing.truncated),
        entriesXml(listing, owners, encode),
      ),
    };
  },
});
