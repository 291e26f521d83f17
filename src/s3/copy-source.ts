// `x-amz-copy-source: /bucket/key?versionId=…`, and the conditions on it.
import { checkCustomerKey, type CustomerKey } from '../encryption/object-encryption.ts';
import type { ObjectRecord } from '../metadata/tables/objects.ts';
import { S3Error } from '../shared/errors.ts';
import type { BucketName, ObjectKey } from '../shared/ids.ts';
import { parseBucketName } from '../storage/bucket-names.ts';
import { requireReadable } from '../storage/restore-object.ts';
import type { ReadConditions } from '../storage/preconditions.ts';
import { checkRead } from '../storage/preconditions.ts';
import { decodeUriBytes, parseKey } from './address.ts';
import { preconditionFailed } from './conditions.ts';
import { getObjectRecord } from './object-read.ts';
import type { OperationContext, Permission, S3Request } from './operation.ts';
import { encodeHeader, findHeader, invalidArgument } from './parameters.ts';
import { requireOtherBucket } from './require.ts';
import { parseVersionId, versionedAction, versionHeaders } from './versions.ts';

export const COPY_SOURCE = 'x-amz-copy-source';
export const MAX_COPY_SOURCE_BYTES = 5 * 1024 ** 3;

export type CopySource = {
  readonly bucket: BucketName;
  readonly key: ObjectKey;
  readonly versionId: string | null;
};

export function parseCopySource(request: S3Request): CopySource {
  const header = findHeader(request, COPY_SOURCE) ?? '';
  const { path, versionId } = splitVersion(header);
  const slash = path.indexOf('/');
  if (slash <= 0 || slash === path.length - 1) {
    throw invalidArgument(COPY_SOURCE, header, 'Invalid copy source object key');
  }
  return {
    bucket: parseSourceBucket(header, path.slice(0, slash)),
    key: parseKey(path.slice(slash + 1)),
    versionId: parseVersionId(versionId ?? undefined),
  };
}

function decodeSource(header: string, raw: string): string {
  try {
    return decodeUriBytes(raw);
  } catch {
    throw invalidArgument(COPY_SOURCE, header, 'Invalid copy source encoding');
  }
}

function parseSourceBucket(header: string, name: string): BucketName {
  try {
    return parseBucketName(name);
  } catch {
    throw invalidArgument(COPY_SOURCE, header, 'Invalid copy source bucket name');
  }
}

/** A `?` in a key is sent encoded, so the first one that is not begins the version. */
function splitVersion(header: string): { path: string; versionId: string | null } {
  const match = /^(.*?)\?versionId=(.*)$/s.exec(header);
  const raw = encodeHeader(match?.[1] ?? header);
  const path = decodeSource(header, raw).replace(/^\//, '');
  return { path, versionId: match?.[2] ?? null };
}

export function readSource(source: CopySource): Permission {
  const { bucket, key, versionId } = source;
  return { action: versionedAction(versionId, 'Get'), on: { bucket, key, versionId } };
}

export function sourceTooLarge(): S3Error {
  return new S3Error('InvalidRequest', {
    message: `The specified copy source is larger than the maximum allowable size for a copy source: ${MAX_COPY_SOURCE_BYTES}`,
  });
}

/** `customerKey`: the source's, for SSE-C. A condition that does not hold is 412 for a copy, whichever it is. */
export async function getCopySource(
  context: OperationContext,
  source: CopySource,
  conditions: ReadConditions,
  customerKey: CustomerKey | null,
): Promise<ObjectRecord> {
  const object = await getObjectRecord(context, { ...source, bucket: requireOtherBucket(context) });
  checkCustomerKey(object.encryption, customerKey);
  const verdict = checkRead(conditions, object);
  if (verdict === 'ok') {
    requireReadable(object, context.services.clock());
    return object;
  }
  const [first, second] =
    verdict === 'failed'
      ? (['If-Match', 'If-Unmodified-Since'] as const)
      : (['If-None-Match', 'If-Modified-Since'] as const);
  const byTag = verdict === 'failed' ? conditions.ifMatch : conditions.ifNoneMatch;
  throw preconditionFailed(`x-amz-copy-source-${byTag === null ? second : first}`);
}

/** Which version was copied. */
export function sourceVersionHeaders(context: OperationContext, object: ObjectRecord): Record<string, string> {
  const { 'x-amz-version-id': versionId } = versionHeaders(requireOtherBucket(context), object);
  return versionId === undefined ? {} : { 'x-amz-copy-source-version-id': versionId };
}
