// https://docs.aws.amazon.com/AmazonS3/latest/API/API_ListParts.html
import type { PartRecord } from '../../metadata/tables/objects.ts';
import { listParts as listStored } from '../../storage/list-uploads.ts';
import { readListedOwners } from '../acl/listed-owners.ts';
import {
  initiatorXml,
  MAX_PARTS,
  parsePageSize,
  parseUploadName,
  partChecksumElement,
  uploadChecksumElements,
} from '../multipart.ts';
import { declare } from '../operation.ts';
import { findCount, listingEncoding } from '../parameters.ts';
import { requireBucket } from '../require.ts';
import { element, group, isoTime, quoted, resultDocument } from '../xml/write.ts';

function partXml(part: PartRecord): string {
  return group(
    'Part',
    element('PartNumber', part.partNumber),
    element('LastModified', isoTime(part.lastModified)),
    element('ETag', quoted(part.etag)),
    element('Size', part.sizeBytes),
    partChecksumElement(part),
  );
}

export const listParts = declare({
  name: 'ListParts',
  target: 'object',
  method: 'GET',
  match: ['uploadId'],
  bucketMustExist: true,
  implemented: 'yes',
  input: (request) => ({
    ...parseUploadName(request),
    ...listingEncoding(request),
    maxParts: parsePageSize(request, 'max-parts'),
    partNumberMarker: Math.min(MAX_PARTS, findCount(request, 'part-number-marker', { min: 0, max: 2 ** 31 - 1 }) ?? 0),
  }),
  permissions: () => [{ action: 's3:ListMultipartUploadParts' }],
  run: async (input, context) => {
    const bucket = requireBucket(context);
    const { upload, parts, truncated, next } = await listStored(context.services, { ...input, bucket });
    const owners = await readListedOwners(context, [upload]);
    return {
      status: 200,
      body: resultDocument(
        'ListPartsResult',
        element('Bucket', bucket.name),
        element('Key', input.encode(input.key)),
        element('EncodingType', input.type),
        element('UploadId', upload.uploadId),
        initiatorXml(upload),
        owners(upload),
        element('StorageClass', upload.storageClass),
        element('PartNumberMarker', input.partNumberMarker),
        element('NextPartNumberMarker', next ?? parts.at(-1)?.partNumber ?? 0),
        element('MaxParts', input.maxParts),
        element('IsTruncated', truncated),
        uploadChecksumElements(upload),
        ...parts.map(partXml),
      ),
    };
  },
});
