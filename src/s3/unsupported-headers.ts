// Headers that ask for something this server does not do (yet). Ignoring one would break a promise the client relies
// on (an ACL), so they are refused.
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
  refuse(request, ['x-amz-write-offset-bytes']);
}

export function refuseUnsupportedForBuckets(request: S3Request): void {
  refuseAcl(request);
  const ownership = findHeader(request, 'x-amz-object-ownership') ?? '';
  if (ownership !== '' && ownership !== 'BucketOwnerEnforced') throw notImplemented('x-amz-object-ownership');
}

/** Deletes bound to a time or a size exist only in directory buckets. */
export function refuseUnsupportedForDeletes(request: S3Request): void {
  refuse(request, ['x-amz-if-match-last-modified-time', 'x-amz-if-match-size']);
}
