// Headers that ask for something this server does not do (yet). Ignoring one would break a promise the client relies
// on, so they are refused.
import { S3Error } from '../shared/errors.ts';
import type { S3Request } from './operation.ts';
import { findHeader } from './parameters.ts';

function notImplemented(header: string): S3Error {
  return new S3Error('NotImplemented', {
    message: `The header ${header} implies functionality that is not implemented.`,
    fields: { Header: header },
  });
}

function refuse(request: S3Request, names: readonly string[]): void {
  for (const name of names) if (findHeader(request, name)) throw notImplemented(name);
}

/** Whatever makes an object: PutObject, CopyObject, CreateMultipartUpload. */
export function refuseUnsupportedForWrites(request: S3Request): void {
  refuse(request, ['x-amz-write-offset-bytes']);
}

/** Deletes bound to a time or a size exist only in directory buckets. */
export function refuseUnsupportedForDeletes(request: S3Request): void {
  refuse(request, ['x-amz-if-match-last-modified-time', 'x-amz-if-match-size']);
}
