// The permissions of an operation, put to the one function that decides.
import { allowsS3, authorizeS3 } from '../access/authorize.ts';
import { type BucketAccess, aclsEnabled } from '../access/bucket-access.ts';
import type { RequestFacts } from '../access/condition-context.ts';
import { makeGuard } from '../access/guard.ts';
import type { Principal } from '../access/principal.ts';
import type { S3Ask } from '../access/s3-resource.ts';
import type { BucketRecord } from '../metadata/tables/objects.ts';
import { S3Error } from '../shared/errors.ts';
import type { Guard } from '../storage/storage-deps.ts';
import type { Permission, S3Request } from './operation.ts';
import { effectiveHeaders } from './parameters.ts';
import type { S3Services } from './services.ts';

/** The buckets a request is about; each exists when it is not null. */
export type RequestBuckets = {
  readonly bucket: BucketRecord | null;
  readonly otherBucket: BucketRecord | null;
  /** what `bucket` says of who may use it */
  readonly access: BucketAccess | null;
};

export type Asker = {
  readonly services: S3Services;
  readonly principal: Principal;
  readonly request: S3Request;
  readonly buckets: RequestBuckets;
  readonly facts: RequestFacts;
};

function toAsk({ request, buckets }: Asker, { action, on, ...more }: Permission): S3Ask {
  if (on === undefined) {
    const versionId = request.query.get('versionId') ?? null;
    return { action, ...more, bucket: request.bucket, key: request.key, versionId, record: buckets.bucket };
  }
  const record = on.record ?? [buckets.bucket, buckets.otherBucket].find((bucket) => bucket?.name === on.bucket);
  if (record === undefined) throw new S3Error('NoSuchBucket', { fields: { BucketName: on.bucket } });
  return { action, ...more, bucket: on.bucket, key: on.key, versionId: on.versionId ?? null, record };
}

/** What policies may ask about: a header in the query of a presigned URL does what it says, so it counts as one. */
export function factsOf(request: S3Request): RequestFacts {
  const { receivedAt, clientAddress, secure, query, requestedRegion } = request;
  return { receivedAt, clientAddress, secure, query, requestedRegion, headers: effectiveHeaders(request) };
}

/** Could anything here be a stranger's at all? Else his body is not even read. */
const isOpen = (access: BucketAccess | null): boolean =>
  access !== null && (access.policy !== null || aclsEnabled(access));

/** Throws AccessDenied unless everything is allowed; what stands in the body is asked later. */
export async function demandAll(asker: Asker, permissions: readonly Permission[]): Promise<void> {
  const isStranger = asker.principal.kind === 'anonymous' && !isOpen(asker.buckets.access);
  if (isStranger && permissions.some(({ perEntry }) => perEntry)) throw new S3Error('AccessDenied');
  const asks = permissions.filter(({ perEntry }) => !perEntry).map((permission) => toAsk(asker, permission));
  await authorizeS3(asker.services, asker.principal, asks, asker.facts);
}

export async function isAllowed(asker: Asker, permission: Permission): Promise<boolean> {
  return allowsS3(asker.services, asker.principal, toAsk(asker, permission), asker.facts);
}

export function guardOf(asker: Asker, permissions: readonly Permission[]): Guard {
  const asks = permissions.filter(({ perEntry }) => !perEntry).map((permission) => toAsk(asker, permission));
  return makeGuard(asker.services, asker.principal, asks, asker.facts);
}
