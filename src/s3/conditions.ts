// Conditional headers as the storage domain wants them.
import type { ReadConditions, WritePreconditions } from '../storage/preconditions.ts';
import { S3Error } from '../shared/errors.ts';
import type { S3Request } from './operation.ts';

/** A date that cannot be read is ignored, as RFC 9110 §13.1.3 says. */
function findDate(request: S3Request, header: string): number | null {
  const ms = Date.parse(request.headers.get(header) ?? '');
  return Number.isNaN(ms) ? null : ms;
}

/** `prefix` is '' or `x-amz-copy-source-`. */
export function readConditions(request: S3Request, prefix: '' | 'x-amz-copy-source-' = ''): ReadConditions {
  return {
    ifMatch: request.headers.get(`${prefix}if-match`) ?? null,
    ifNoneMatch: request.headers.get(`${prefix}if-none-match`) ?? null,
    ifModifiedSince: findDate(request, `${prefix}if-modified-since`),
    ifUnmodifiedSince: findDate(request, `${prefix}if-unmodified-since`),
  };
}

/** Of the two S3 takes one. Errors: NotImplemented. */
export function writePreconditions(request: S3Request): WritePreconditions {
  const ifMatch = request.headers.get('if-match') ?? null;
  const ifNoneMatch = request.headers.get('if-none-match') ?? null;
  if (ifMatch !== null && ifNoneMatch !== null) throw new S3Error('NotImplemented');
  return { ifMatch, ifNoneMatch };
}

export function preconditionFailed(condition: string): S3Error {
  return new S3Error('PreconditionFailed', { fields: { Condition: condition } });
}
