// What a request asks for, or its bucket, becomes a data key and the record that leads back to it.
import { createHash, createSecretKey, type KeyObject } from 'node:crypto';
import type { EncryptionConfiguration } from '../metadata/tables/bucket-configurations.ts';
import type { KeyPurpose, ObjectEncryption } from '../metadata/tables/encryption.ts';
import { S3Error } from '../shared/errors.ts';
import { newDataKey, unwrapKey, unwrapOnce, wrapKey } from './data-keys.ts';
import type { KeyRing } from './key-ring.ts';

/** What SSE-KMS uses when no key is named. */
export const MANAGED_KMS_KEY = 'aws/s3';

/** A key that came with the request; it is kept nowhere. */
export type CustomerKey = { readonly key: KeyObject /** base64 */; readonly md5: string };

export type EncryptionRequest =
  | { readonly kind: 'SSE-S3' }
  | {
      readonly kind: 'SSE-KMS';
      /** name, `alias/NAME` or ARN as sent; null: the managed key */
      readonly keyId: string | null;
      /** base64 of JSON, as sent */
      readonly context: string | null;
      /** null: the bucket's setting */
      readonly bucketKey: boolean | null;
    }
  | { readonly kind: 'SSE-C'; readonly customerKey: CustomerKey };

/** A new object's encryption: what is recorded, and the key its bytes are sealed with. */
export type NewEncryption = { readonly record: ObjectEncryption; readonly dataKey: KeyObject };

export function newCustomerKey(bytes: Uint8Array): CustomerKey {
  return { key: createSecretKey(bytes), md5: createHash('md5').update(bytes).digest('base64') };
}

/**
 * `asked` null: what the bucket says. null: the object stays plain. Errors: KMS.NotFoundException, AccessDenied (the
 * bucket takes no customer keys).
 */
export async function newEncryption(
  keyRing: KeyRing,
  asked: EncryptionRequest | null,
  configuration: EncryptionConfiguration | null,
): Promise<NewEncryption | null> {
  const request = asked ?? defaultOf(configuration);
  switch (request?.kind) {
    case undefined:
      return null;
    case 'SSE-S3': {
      const { version: keyVersion, key } = await keyRing.current('sse-s3', '');
      const dataKey = newDataKey();
      return { record: { kind: 'SSE-S3', keyVersion, dataKey: wrapKey(key, dataKey, '') }, dataKey };
    }
    case 'SSE-KMS':
      return underKmsKey(keyRing, request, configuration);
    case 'SSE-C':
      if (configuration?.customerKeys === 'blocked') throw customerKeysBlocked();
      return underCustomerKey(request.customerKey);
  }
}

function defaultOf(configuration: EncryptionConfiguration | null): EncryptionRequest | null {
  const byDefault = configuration?.byDefault ?? null;
  if (byDefault === null) return null;
  if (byDefault.algorithm === 'AES256') return { kind: 'SSE-S3' };
  return { kind: 'SSE-KMS', keyId: byDefault.keyId, context: null, bucketKey: null };
}

async function underKmsKey(
  keyRing: KeyRing,
  { keyId, context, bucketKey }: Extract<EncryptionRequest, { kind: 'SSE-KMS' }>,
  configuration: EncryptionConfiguration | null,
): Promise<NewEncryption> {
  const keyName = kmsKeyName(keyRing, keyId);
  const { version: keyVersion, key } = await keyRing.current('kms', keyName);
  const dataKey = newDataKey();
  const record: ObjectEncryption = {
    kind: 'SSE-KMS',
    keyName,
    keyVersion,
    context,
    bucketKey: bucketKey ?? configuration?.bucketKeyEnabled ?? false,
    dataKey: wrapKey(key, dataKey, context ?? ''),
  };
  return { record, dataKey };
}

function underCustomerKey({ key, md5 }: CustomerKey): NewEncryption {
  const dataKey = newDataKey();
  return { record: { kind: 'SSE-C', keyMd5: md5, dataKey: wrapKey(key, dataKey, '') }, dataKey };
}

/** Clients may write a key as a bare name, an alias or an ARN; the name is what counts. Throws KMS.NotFoundException. */
function kmsKeyName(keyRing: KeyRing, keyId: string | null): string {
  if (keyId === null) return MANAGED_KMS_KEY;
  const name = keyId.replace(/^arn:[^:]*:kms:[^:]*:[^:]*:(?=key\/|alias\/)/, '').replace(/^(?:key|alias)\//, '');
  if (keyRing.kmsKeys.includes(name) || (name === MANAGED_KMS_KEY && keyId !== name)) return name;
  throw new S3Error('KMS.NotFoundException', { message: `Invalid keyId '${keyId}'` });
}

function customerKeysBlocked(): S3Error {
  return new S3Error('AccessDenied', {
    message:
      'This bucket has blocked upload requests that specify Server Side Encryption with Customer provided keys (SSE-C). Please specify a different server-side encryption type',
  });
}

/**
 * The data key of a stored object; null: it is plain. Errors: InvalidRequest (a customer's key is missing, or none
 * belongs here), AccessDenied (it is another one).
 */
export async function openEncryption(
  keyRing: KeyRing,
  record: ObjectEncryption | null | undefined,
  customerKey: CustomerKey | null,
): Promise<KeyObject | null> {
  if (record?.kind !== 'SSE-C') {
    if (customerKey !== null) throw notApplicable();
    return record ? await unwrapRecorded(keyRing, record) : null;
  }
  if (customerKey === null) throw keyMissing();
  const dataKey = unwrapKey(customerKey.key, record.dataKey, '');
  if (dataKey === undefined) throw wrongKey();
  return dataKey;
}

/** The same for a part of an upload, which names other errors. */
export async function openUploadEncryption(
  keyRing: KeyRing,
  record: ObjectEncryption | null | undefined,
  customerKey: CustomerKey | null,
): Promise<KeyObject | null> {
  if ((record?.kind === 'SSE-C') !== (customerKey !== null)) throw partKeyMissing();
  try {
    return await openEncryption(keyRing, record, customerKey);
  } catch (error) {
    throw error instanceof S3Error && error.code === 'AccessDenied' ? partKeyDiffers() : error;
  }
}

/** The same question without the answer: for replies that have no body. */
export function checkCustomerKey(record: ObjectEncryption | null | undefined, customerKey: CustomerKey | null): void {
  if (record?.kind !== 'SSE-C' && customerKey !== null) throw notApplicable();
  if (record?.kind !== 'SSE-C') return;
  if (customerKey === null) throw keyMissing();
  if (unwrapKey(customerKey.key, record.dataKey, '') === undefined) throw wrongKey();
}

async function unwrapRecorded(
  keyRing: KeyRing,
  record: Exclude<ObjectEncryption, { kind: 'SSE-C' }>,
): Promise<KeyObject> {
  const kms = record.kind === 'SSE-KMS';
  const [purpose, name]: [KeyPurpose, string] = kms ? ['kms', record.keyName] : ['sse-s3', ''];
  const { keyVersion } = record;
  const above = keyRing.known(purpose, name, keyVersion) ?? (await keyRing.find(purpose, name, keyVersion));
  const key = above === undefined ? undefined : unwrapOnce(above, record.dataKey, kms ? (record.context ?? '') : '');
  if (key !== undefined) return key;
  throw new Error(`the data key of an object does not open under version ${record.keyVersion} of ${purpose} ${name}`);
}

function notApplicable(): S3Error {
  return new S3Error('InvalidRequest', { message: 'The encryption parameters are not applicable to this object.' });
}

function keyMissing(): S3Error {
  return new S3Error('InvalidRequest', {
    message:
      'The object was stored using a form of Server Side Encryption. The correct parameters must be provided to retrieve the object.',
  });
}

function wrongKey(): S3Error {
  return new S3Error('AccessDenied', {
    message:
      'Requests specifying Server Side Encryption with Customer provided keys must provide the correct secret key.',
  });
}

export function partKeyMissing(): S3Error {
  return new S3Error('InvalidRequest', {
    message:
      'The multipart upload initiate requested encryption. Subsequent part requests must include the appropriate encryption parameters.',
  });
}

function partKeyDiffers(): S3Error {
  return new S3Error('InvalidRequest', {
    message: 'The provided encryption parameters did not match the ones used originally.',
  });
}
