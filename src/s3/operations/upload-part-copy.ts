// https://docs.aws.amazon.com/AmazonS3/latest/API/API_UploadPartCopy.html
import type { CustomerKey } from '../../encryption/object-encryption.ts';
import type { ObjectRecord } from '../../metadata/tables/objects.ts';
import type { ObjectKey } from '../../shared/ids.ts';
import { copySource } from '../../storage/copy-object.ts';
import { type UploadedPart, uploadPart } from '../../storage/multipart.ts';
import type { ReadConditions } from '../../storage/preconditions.ts';
import type { ByteRange } from '../../storage/ranges.ts';
import { parseCopyRange } from '../../storage/ranges.ts';
import { readConditions } from '../conditions.ts';
import type { CopySource } from '../copy-source.ts';
import {
  COPY_SOURCE,
  getCopySource,
  MAX_COPY_SOURCE_BYTES,
  parseCopySource,
  readSource,
  sourceTooLarge,
  sourceVersionHeaders,
} from '../copy-source.ts';
import { parseCustomerKey } from '../customer-key.ts';
import { encryptionHeaders, refuseEncryptionMethod } from '../encryption-headers.ts';
import { parsePartNumber, parseUploadName, partChecksumElement } from '../multipart.ts';
import type { OperationContext, S3Reply } from '../operation.ts';
import { declare } from '../operation.ts';
import { findHeader, invalidArgument } from '../parameters.ts';
import { patientReply, type TellHeaders } from '../patient-reply.ts';
import { requireBucket } from '../require.ts';
import { element, isoTime, quoted, resultDocument } from '../xml/write.ts';

const RANGE_HEADER = 'x-amz-copy-source-range';
const RANGE_FORM = /^bytes=\d+-\d+$/;

function checkRangeForm(header: string | undefined): string | null {
  if (header === undefined) return null;
  if (RANGE_FORM.test(header.trim())) return header;
  const message = `The ${RANGE_HEADER} value must be of the form bytes=first-last where first and last are the zero-based offsets of the first and last bytes to copy`;
  throw invalidArgument(RANGE_HEADER, header, message);
}

function chooseRange(header: string | null, object: ObjectRecord): ByteRange | null {
  if (header === null) return null;
  const range = parseCopyRange(header, object.sizeBytes);
  if (range !== undefined) return range;
  const message = `Range specified is not valid for source object of size: ${object.sizeBytes}`;
  throw invalidArgument(RANGE_HEADER, header, message);
}

function checkSize(object: ObjectRecord, range: ByteRange | null): void {
  const sizeBytes = range === null ? object.sizeBytes : range.end - range.start;
  if (sizeBytes > MAX_COPY_SOURCE_BYTES) throw sourceTooLarge();
}

type CopyPartInput = {
  readonly key: ObjectKey;
  readonly uploadId: string;
  readonly partNumber: number;
  readonly source: CopySource;
  readonly conditions: ReadConditions;
  readonly range: string | null;
  /** of the upload, and of the source */
  readonly customerKey: CustomerKey | null;
  readonly sourceKey: CustomerKey | null;
};

async function copyPart(
  input: CopyPartInput,
  context: OperationContext,
  tell: TellHeaders,
): Promise<S3Reply & { readonly body: string }> {
  const { services, guard } = context;
  const object = await getCopySource(context, input.source, input.conditions, input.sourceKey);
  const range = chooseRange(input.range, object);
  checkSize(object, range);
  const source = copySource(services, object, range, input.sourceKey);
  tell(sourceVersionHeaders(context, object));
  const onBegin = (encryption: UploadedPart['encryption']): void => tell(encryptionHeaders(encryption));
  const part = await uploadPart(services, { ...input, bucket: requireBucket(context), source, onBegin, guard });
  return {
    status: 200,
    headers: { ...sourceVersionHeaders(context, object), ...encryptionHeaders(part.encryption) },
    body: resultDocument(
      'CopyPartResult',
      element('LastModified', isoTime(part.lastModified)),
      element('ETag', quoted(part.etag)),
      partChecksumElement(part),
    ),
  };
}

export const uploadPartCopy = declare({
  name: 'UploadPartCopy',
  target: 'object',
  method: 'PUT',
  match: ['uploadId', `header:${COPY_SOURCE}`],
  accepts: ['partNumber'],
  bucketMustExist: true,
  implemented: 'yes',
  input: (request) => {
    refuseEncryptionMethod(request);
    return {
      ...parseUploadName(request),
      partNumber: parsePartNumber(request),
      source: parseCopySource(request),
      conditions: readConditions(request, 'x-amz-copy-source-'),
      range: checkRangeForm(findHeader(request, RANGE_HEADER)),
      customerKey: parseCustomerKey(request),
      sourceKey: parseCustomerKey(request, 'x-amz-copy-source-'),
    };
  },
  permissions: ({ source }) => [{ action: 's3:PutObject' }, readSource(source)],
  run: (input, context) => patientReply(context, (tell) => copyPart(input, context, tell)),
});
