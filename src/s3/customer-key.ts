// SSE-C: the key comes with every request that writes or reads the bytes, in three headers.
// https://docs.aws.amazon.com/AmazonS3/latest/userguide/specifying-s3-c-encryption.html
import { type CustomerKey, newCustomerKey } from '../encryption/object-encryption.ts';
import { S3Error } from '../shared/errors.ts';
import type { S3Request } from './operation.ts';
import { findHeader } from './parameters.ts';

const KEY_BYTES = 32;
const SCOPE = 'Requests specifying Server Side Encryption with Customer provided keys must';

/** `prefix` is that of a copy's source, or ''. null: no key came along. */
export function parseCustomerKey(request: S3Request, prefix: '' | 'x-amz-copy-source-' = ''): CustomerKey | null {
  const name = `${prefix === '' ? 'x-amz-' : prefix}server-side-encryption-customer-`;
  const algorithm = findHeader(request, `${name}algorithm`);
  const key = findHeader(request, `${name}key`);
  const md5 = findHeader(request, `${name}key-md5`);
  if (algorithm === undefined && key === undefined && md5 === undefined) return null;
  // The key has been on the wire: it is of no use to refuse it silently.
  if (!request.secure) throw new S3Error('InvalidRequest', { message: `${SCOPE} be made over a secure connection.` });
  if (!algorithm) throw invalid(`${SCOPE} provide a valid encryption algorithm.`);
  if (algorithm !== 'AES256') throw unknownAlgorithm(algorithm);
  if (!key) throw invalid(`${SCOPE} provide an appropriate secret key.`);
  if (!md5) throw invalid(`${SCOPE} provide the client calculated MD5 of the secret key.`);
  return checkedKey(Buffer.from(key, 'base64'), md5);
}

/** The MD5 comes first: a key that was garbled on its way is not merely of the wrong length. */
function checkedKey(bytes: Buffer, md5: string): CustomerKey {
  const customerKey = newCustomerKey(bytes);
  if (customerKey.md5 !== md5.trim()) {
    throw invalid('The calculated MD5 hash of the key did not match the hash that was provided.');
  }
  if (bytes.length !== KEY_BYTES) throw invalid('The secret key was invalid for the specified algorithm.');
  return customerKey;
}

function invalid(message: string): S3Error {
  return new S3Error('InvalidArgument', { message, fields: { ArgumentName: 'x-amz-server-side-encryption' } });
}

function unknownAlgorithm(algorithm: string): S3Error {
  return new S3Error('InvalidEncryptionAlgorithmError', {
    message: 'The Encryption request you specified is not valid. Supported value: AES256.',
    fields: { ArgumentName: 'x-amz-server-side-encryption', ArgumentValue: algorithm },
  });
}
