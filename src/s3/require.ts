// What the route has made sure of already, as types.
import type { BucketRecord } from '../metadata/tables/objects.ts';
import { S3Error } from '../shared/errors.ts';
import type { BucketName, ObjectKey } from '../shared/ids.ts';
import type { BucketAccess } from '../access/bucket-access.ts';
import type { OperationContext, S3Request } from './operation.ts';

export function requireBucketName(request: S3Request): BucketName {
  if (request.bucket === null) throw new S3Error('InvalidBucketName');
  return request.bucket;
}

export function requireKey(request: S3Request): ObjectKey {
  if (request.key === null) throw new S3Error('MethodNotAllowed');
  return request.key;
}

export function requireBucket(context: OperationContext): BucketRecord {
  if (context.bucket === null) throw new S3Error('NoSuchBucket');
  return context.bucket;
}

export function requireAccess(context: OperationContext): BucketAccess {
  if (context.access === null) throw new S3Error('NoSuchBucket');
  return context.access;
}

export function requireOtherBucket(context: OperationContext): BucketRecord {
  if (context.otherBucket === null) throw new S3Error('NoSuchBucket');
  return context.otherBucket;
}

export function requireSigned(context: OperationContext): Extract<OperationContext['principal'], { kind: 's3-key' }> {
  if (context.principal.kind !== 's3-key') throw new S3Error('AccessDenied');
  return context.principal;
}

/** S3 takes no body whose decoded length it does not know beforehand. */
export function requireLength(body: { readonly sizeBytes: number | null }): void {
  if (body.sizeBytes === null) throw new S3Error('MissingContentLength');
}
