// https://docs.aws.amazon.com/AmazonS3/latest/API/API_GetObjectAttributes.html
import { checkCustomerKey } from '../../encryption/object-encryption.ts';
import type { ListedPart, ObjectRecord } from '../../metadata/tables/objects.ts';
import { S3Error } from '../../shared/errors.ts';
import { listPartsAfter } from '../../storage/part-list.ts';
import { checksumElements } from '../checksum-headers.ts';
import { parseCustomerKey } from '../customer-key.ts';
import { refuseEncryptionMethod } from '../encryption-headers.ts';
import { partChecksumElement } from '../multipart.ts';
import { httpDate } from '../object-headers.ts';
import { getObjectRecord } from '../object-read.ts';
import { declare, type OperationContext, type S3Request } from '../operation.ts';
import { findHeader, invalidArgument } from '../parameters.ts';
import { requireBucket, requireKey } from '../require.ts';
import { versionedAction, versionHeaders, versionOf } from '../versions.ts';
import { element, group, resultDocument } from '../xml/write.ts';

const ATTRIBUTES = ['ETag', 'Checksum', 'ObjectParts', 'StorageClass', 'ObjectSize'] as const;
type Attribute = (typeof ATTRIBUTES)[number];

const MAX_PARTS_OF_PAGE = 1000;

function parseAttributes(request: S3Request): ReadonlySet<Attribute> {
  const name = 'x-amz-object-attributes';
  const names = (findHeader(request, name) ?? '').split(',').flatMap((text) => text.trim() || []);
  if (names.length === 0) {
    const message =
      'The x-amz-object-attributes header specifying the attributes to be retrieved is either missing or empty';
    throw new S3Error('InvalidRequest', { message });
  }
  return new Set(
    names.map((text) => {
      const found = ATTRIBUTES.find((attribute) => attribute === text);
      if (found === undefined) throw invalidArgument(name, text, 'Invalid attribute name specified.');
      return found;
    }),
  );
}

function parseCount(request: S3Request, name: string, absent: number): number {
  const text = findHeader(request, name);
  if (text === undefined || text === '') return absent;
  if (/^\d{1,10}$/.test(text) && Number(text) <= 2 ** 31 - 1) return Number(text);
  throw invalidArgument(name, text, `${name} must be a whole number, 0 or more.`);
}

type Page = { readonly maxParts: number; readonly marker: number };

function partXml(part: ListedPart): string {
  const { partNumber, sizeBytes } = part;
  return group('Part', partChecksumElement(part), element('PartNumber', partNumber), element('Size', sizeBytes));
}

/** Only objects that were uploaded in parts have any. */
async function partsXml({ services }: OperationContext, { body }: ObjectRecord, page: Page): Promise<string> {
  if (body.kind !== 'parts') return '';
  const { maxParts, marker } = page;
  const { parts, truncated } = await listPartsAfter(services, body.listId, marker, maxParts);
  return group(
    'ObjectParts',
    element('IsTruncated', truncated),
    element('MaxParts', maxParts),
    element('NextPartNumberMarker', parts.at(-1)?.partNumber ?? 0),
    element('PartNumberMarker', marker),
    ...parts.map(partXml),
    element('PartsCount', body.partCount),
  );
}

async function attributesXml(
  context: OperationContext,
  object: ObjectRecord,
  wanted: ReadonlySet<Attribute>,
  page: Page,
): Promise<string> {
  const only = (attribute: Attribute, xml: string): string => (wanted.has(attribute) ? xml : '');
  const { etag, checksum, storageClass, sizeBytes } = object;
  return resultDocument(
    'GetObjectAttributesResponse',
    only('ETag', element('ETag', etag)),
    only('Checksum', checksum === null ? '' : group('Checksum', checksumElements(checksum))),
    wanted.has('ObjectParts') ? await partsXml(context, object, page) : '',
    only('StorageClass', element('StorageClass', storageClass)),
    only('ObjectSize', element('ObjectSize', sizeBytes)),
  );
}

export const getObjectAttributes = declare({
  name: 'GetObjectAttributes',
  target: 'object',
  method: 'GET',
  match: ['attributes'],
  bucketMustExist: true,
  implemented: 'yes',
  input: (request) => {
    refuseEncryptionMethod(request);
    return {
      key: requireKey(request),
      versionId: versionOf(request),
      wanted: parseAttributes(request),
      customerKey: parseCustomerKey(request),
      page: {
        maxParts: Math.min(MAX_PARTS_OF_PAGE, parseCount(request, 'x-amz-max-parts', MAX_PARTS_OF_PAGE)),
        marker: parseCount(request, 'x-amz-part-number-marker', 0),
      },
    };
  },
  permissions: ({ versionId }) => [
    { action: versionedAction(versionId, 'Get') },
    { action: versionedAction(versionId, 'Get', 'Attributes') },
  ],
  run: async (input, context) => {
    const bucket = requireBucket(context);
    const object = await getObjectRecord(context, { ...input, bucket });
    checkCustomerKey(object.encryption, input.customerKey);
    return {
      status: 200,
      headers: { 'last-modified': httpDate(object.lastModified), ...versionHeaders(bucket, object) },
      body: await attributesXml(context, object, input.wanted, input.page),
    };
  },
});
