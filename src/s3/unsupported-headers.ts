// Headers that ask for something this server does not do (yet). Ignoring one would break a promise the client relies
// on (a lock, an ACL), so they are refused.
import { S3Error } from '../shared/errors.ts';
import type { S3Request } from './operation.ts';
import { findHeader, headersWithPrefix } from './parameters.ts';

function notImplemented(header: string): S3Error {
  return new S3Error('NotImplemented', {
    message: `The header ${header} implies functionality that is not implemented.`,
    fields: { Header: header },
  });
}

function refuse(request: S3Request, names: readonly string[]): void {
  for (const name of names) if (findHeader(request, name)) throw notImplemented(name);
}

function refusePrefix(request: S3Request, prefix: string): void {
  const [name] = headersWithPrefix(request, prefix).keys();
  if (name !== undefined) throw notImplemented(name);
}

/** With ACLs disabled the owner has full control of every object: ACLs that say only that are accepted. */
const HARMLESS_ACLS = new Set(['', 'private', 'bucket-owner-full-control']);

function refuseAcl(request: S3Request): void {
  const acl = findHeader(request, 'x-amz-acl') ?? '';
  if (!HARMLESS_ACLS.has(acl)) throw new S3Error('AccessControlListNotSupported');
  if (headersWithPrefix(request, 'x-amz-grant-').size > 0) throw new S3Error('AccessControlListNotSupported');
}

/** Whatever makes an object: PutObject, CopyObject, CreateMultipartUpload. */
export function refuseUnsupportedForWrites(request: S3Request): void {
  refuseAcl(request);
  refusePrefix(request, 'x-amz-object-lock-');
  refuse(request, ['x-amz-tagging', 'x-amz-write-offset-bytes']);
  if (findHeader(request, 'x-amz-tagging-directive')?.toUpperCase() === 'REPLACE') {
    throw notImplemented('x-amz-tagging-directive');
  }
}

export function refuseUnsupportedForBuckets(request: S3Request): void {
  refuseAcl(request);
  if (findHeader(request, 'x-amz-bucket-object-lock-enabled')?.toLowerCase() === 'true') {
    throw notImplemented('x-amz-bucket-object-lock-enabled');
  }
  const ownership = findHeader(request, 'x-amz-object-ownership') ?? '';
  if (ownership !== '' && ownership !== 'BucketOwnerEnforced') throw notImplemented('x-amz-object-ownership');
}

/** Deletes bound to a time or a size exist only in directory buckets. */
export function refuseUnsupportedForDeletes(request: S3Request): void {
  refuse(request, ['x-amz-if-match-last-modified-time', 'x-amz-if-match-size']);
}
