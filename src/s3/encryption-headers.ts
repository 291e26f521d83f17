// What requests ask of encryption, and what answers say of it.
// https://docs.aws.amazon.com/AmazonS3/latest/userguide/serv-side-encryption.html
import { type EncryptionRequest, MANAGED_KMS_KEY } from '../encryption/object-encryption.ts';
import type { ObjectEncryption } from '../metadata/tables/encryption.ts';
import { S3Error } from '../shared/errors.ts';
import { parseCustomerKey } from './customer-key.ts';
import type { S3Request } from './operation.ts';
import { findHeader, invalidArgument } from './parameters.ts';

const SSE = 'x-amz-server-side-encryption';
const KMS_KEY_ID = `${SSE}-aws-kms-key-id`;
const CONTEXT = `${SSE}-context`;
const BUCKET_KEY = `${SSE}-bucket-key-enabled`;

/** null: whatever the bucket says. */
export function parseEncryption(request: S3Request): EncryptionRequest | null {
  const method = findHeader(request, SSE);
  const customerKey = parseCustomerKey(request);
  if (method !== undefined && customerKey !== null) {
    const message =
      'Server Side Encryption with Customer provided key is incompatible with the encryption method specified';
    throw invalidArgument(SSE, method, message);
  }
  if (method !== 'aws:kms' && method !== 'aws:kms:dsse') refuseKmsHeaders(request);
  switch (method) {
    case undefined:
      return customerKey === null ? null : { kind: 'SSE-C', customerKey };
    case 'AES256':
      return { kind: 'SSE-S3' };
    case 'aws:kms':
      return parseKms(request);
    case 'aws:kms:dsse':
      throw new S3Error('NotImplemented', {
        message: 'There is no dual-layer encryption (aws:kms:dsse) here. Use aws:kms or AES256.',
        fields: { Header: SSE },
      });
    default:
      throw invalidArgument(SSE, method, 'The encryption method specified is not supported');
  }
}

function refuseKmsHeaders(request: S3Request): void {
  for (const name of [KMS_KEY_ID, CONTEXT]) {
    const value = findHeader(request, name);
    if (value === undefined) continue;
    const message =
      'Server Side Encryption with AWS KMS managed key requires HTTP header x-amz-server-side-encryption : aws:kms';
    throw invalidArgument(name, value, message);
  }
}

function parseKms(request: S3Request): EncryptionRequest {
  const context = findHeader(request, CONTEXT) ?? null;
  if (context !== null && !isContext(context)) {
    const message = `The header '${CONTEXT}' shall be Base64-encoded UTF-8 string holding JSON which represents a string-string map`;
    throw invalidArgument(CONTEXT, context, message);
  }
  const bucketKey = findHeader(request, BUCKET_KEY)?.toLowerCase();
  return {
    kind: 'SSE-KMS',
    keyId: findHeader(request, KMS_KEY_ID) || null,
    context,
    bucketKey: bucketKey === undefined ? null : bucketKey === 'true',
  };
}

/** The longest of KMS is 8 KiB. */
const MAX_CONTEXT_CHARACTERS = 8192;

function isContext(text: string): boolean {
  if (text.length > MAX_CONTEXT_CHARACTERS || !/^[A-Za-z0-9+/]+={0,2}$/.test(text)) return false;
  try {
    const map: unknown = JSON.parse(Buffer.from(text, 'base64').toString('utf8'));
    if (typeof map !== 'object' || map === null || Array.isArray(map)) return false;
    return Object.values(map).every((value) => typeof value === 'string');
  } catch {
    return false;
  }
}

/** Reads and parts follow what the object or upload is encrypted with: saying how is an error. */
export function refuseEncryptionMethod(request: S3Request): void {
  const method = findHeader(request, SSE);
  if (method === undefined) return;
  throw invalidArgument(SSE, method, `${SSE} header is not supported for this operation.`);
}

/** `withContext`: answers to the request that set it repeat the encryption context, reads do not. */
export function encryptionHeaders(
  encryption: ObjectEncryption | null | undefined,
  { withContext = false } = {},
): Record<string, string> {
  switch (encryption?.kind) {
    case undefined:
      return {};
    case 'SSE-S3':
      return { [SSE]: 'AES256' };
    case 'SSE-KMS': {
      const { keyName, context, bucketKey } = encryption;
      return {
        [SSE]: 'aws:kms',
        [KMS_KEY_ID]: keyName === MANAGED_KMS_KEY ? `alias/${keyName}` : keyName,
        ...(bucketKey ? { [BUCKET_KEY]: 'true' } : {}),
        ...(withContext && context !== null ? { [CONTEXT]: context } : {}),
      };
    }
    case 'SSE-C':
      return { [`${SSE}-customer-algorithm`]: 'AES256', [`${SSE}-customer-key-md5`]: encryption.keyMd5 };
  }
}
