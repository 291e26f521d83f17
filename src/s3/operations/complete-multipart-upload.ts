// https://docs.aws.amazon.com/AmazonS3/latest/API/API_CompleteMultipartUpload.html
// One commit that copies no data, so the answer needs no white space ahead of it to keep the connection alive.
import type { NamedPart } from '../../storage/complete-upload.ts';
import { completeUpload } from '../../storage/complete-upload.ts';
import { CHECKSUM_ALGORITHMS, checksumElements, findChecksumType, findObjectChecksum } from '../checksum-headers.ts';
import { writePreconditions } from '../conditions.ts';
import { parseCustomerKey } from '../customer-key.ts';
import { encryptionHeaders, refuseEncryptionMethod } from '../encryption-headers.ts';
import { storedExpirationHeaders } from '../lifecycle-headers.ts';
import { MAX_PARTS, parseUploadName } from '../multipart.ts';
import type { S3Request } from '../operation.ts';
import { declare } from '../operation.ts';
import { S3Error } from '../../shared/errors.ts';
import { findHeader, invalidArgument } from '../parameters.ts';
import { requireBucket } from '../require.ts';
import { newVersionHeaders } from '../versions.ts';
import type { XmlElement } from '../xml/read.ts';
import { childrenNamed, childText, malformed, readXml, requiredText } from '../xml/read.ts';
import { element, quoted, resultDocument } from '../xml/write.ts';

/** 10,000 parts with an entity tag and a SHA-256 each, generously spaced */
const MAX_XML_BYTES = 8 * 1024 * 1024;

function parsePart(part: XmlElement): NamedPart {
  const number = requiredText(part, 'PartNumber').trim();
  if (/^-\d{1,9}$/.test(number)) throw invalidArgument('PartNumber', number, 'PartNumber must be >= 1');
  if (!/^\d{1,5}$/.test(number)) throw malformed();
  const [checksum = null] = CHECKSUM_ALGORITHMS.flatMap((algorithm) => {
    const value = childText(part, `Checksum${algorithm}`)?.trim();
    return value ? [{ algorithm, value }] : [];
  });
  return { partNumber: Number(number), etag: requiredText(part, 'ETag').trim(), checksum };
}

function parseParts(bytes: Uint8Array): NamedPart[] {
  // The second name is what some clients call the root.
  const parts = childrenNamed(readXml(bytes, 'CompleteMultipartUpload', 'CompletedMultipartUpload'), 'Part');
  if (parts.length === 0 || parts.length > MAX_PARTS) throw malformed();
  return parts.map(parsePart);
}

function findObjectSize(request: S3Request): number | null {
  const name = 'x-amz-mp-object-size';
  const text = findHeader(request, name);
  if (text === undefined) return null;
  if (/^-\d{1,15}$/.test(text)) {
    throw new S3Error('InvalidRequest', { message: `Value for ${name} header is less than zero: '${text}'` });
  }
  if (!/^\d{1,15}$/.test(text)) {
    throw new S3Error('InvalidRequest', { message: `Value for ${name} header is invalid: '${text}'` });
  }
  return Number(text);
}

/** As the client may call it: scheme, its own host, path. */
function locationOf(request: S3Request): string {
  return `${request.secure ? 'https' : 'http'}://${request.host}${request.rawPath}`;
}

export const completeMultipartUpload = declare({
  name: 'CompleteMultipartUpload',
  target: 'object',
  method: 'POST',
  match: ['uploadId'],
  bucketMustExist: true,
  implemented: 'yes',
  input: (request) => {
    refuseEncryptionMethod(request);
    return {
      ...parseUploadName(request),
      checksum: findObjectChecksum(request),
      checksumType: findChecksumType(request),
      objectSizeBytes: findObjectSize(request),
      customerKey: parseCustomerKey(request),
      preconditions: writePreconditions(request),
    };
  },
  permissions: () => [{ action: 's3:PutObject' }],
  run: async (input, context) => {
    const bucket = requireBucket(context);
    const parts = parseParts(await context.body.bytes(MAX_XML_BYTES));
    const done = await completeUpload(context.services, { ...input, bucket, parts, guard: context.guard });
    return {
      status: 200,
      headers: {
        ...newVersionHeaders(done),
        ...(await storedExpirationHeaders(context, input.key)),
        // a key of the customer is confirmed when it came along; here it need not
        ...(done.encryption?.kind === 'SSE-C' && input.customerKey === null ? {} : encryptionHeaders(done.encryption)),
      },
      body: resultDocument(
        'CompleteMultipartUploadResult',
        element('Location', locationOf(context.request)),
        element('Bucket', bucket.name),
        element('Key', input.key),
        element('ETag', quoted(done.etag)),
        checksumElements(done.checksum),
      ),
    };
  },
});
