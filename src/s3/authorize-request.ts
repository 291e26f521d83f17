// The permissions of an operation, put to the one function that decides.
import type { S3Ask } from '../access/authorize.ts';
import { allowsS3, authorizeS3 } from '../access/authorize.ts';
import type { RequestFacts } from '../access/condition-context.ts';
import { makeGuard } from '../access/guard.ts';
import type { Principal } from '../access/principal.ts';
import type { BucketRecord } from '../metadata/tables/objects.ts';
import { S3Error } from '../shared/errors.ts';
import type { Guard } from '../storage/storage-deps.ts';
import type { Permission, S3Request } from './operation.ts';
import { effectiveHeaders } from './parameters.ts';
import type { S3Services } from './services.ts';

/** The buckets a request is about; each exists when it is not null. */
export type RequestBuckets = { readonly bucket: BucketRecord | null; readonly otherBucket: BucketRecord | null };

export type Asker = {
  readonly services: S3Services;
  readonly principal: Principal;
  readonly request: S3Request;
  readonly buckets: RequestBuckets;
};

function toAsk({ request, buckets }: Asker, { action, on }: Permission): S3Ask {
  if (on === undefined) return { action, bucket: request.bucket, key: request.key, record: buckets.bucket };
  const record = [buckets.bucket, buckets.otherBucket].find((bucket) => bucket?.name === on.bucket);
  if (record === undefined) throw new S3Error('NoSuchBucket', { fields: { BucketName: on.bucket } });
  return { action, bucket: on.bucket, key: on.key, record };
}

/** What policies may ask about: a header in the query of a presigned URL does what it says, so it counts as one. */
function factsOf({ request }: Asker): RequestFacts {
  const { receivedAt, clientAddress, secure, query } = request;
  return { receivedAt, clientAddress, secure, query, headers: effectiveHeaders(request) };
}

/** Throws AccessDenied unless everything is allowed; what stands in the body is asked later, but not for anybody. */
export async function demandAll(asker: Asker, permissions: readonly Permission[]): Promise<void> {
  if (asker.principal.kind === 'anonymous' && permissions.some(({ perEntry }) => perEntry)) {
    throw new S3Error('AccessDenied');
  }
  const asks = permissions.filter(({ perEntry }) => !perEntry).map((permission) => toAsk(asker, permission));
  await authorizeS3(asker.services, asker.principal, asks, factsOf(asker));
}

export async function isAllowed(asker: Asker, permission: Permission): Promise<boolean> {
  return allowsS3(asker.principal, toAsk(asker, permission), factsOf(asker));
}

export function guardOf(asker: Asker, permissions: readonly Permission[]): Guard {
  const asks = permissions.filter(({ perEntry }) => !perEntry).map((permission) => toAsk(asker, permission));
  return makeGuard(asker.services, asker.principal, asks, factsOf(asker));
}
