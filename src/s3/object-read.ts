// What GetObject and HeadObject share: which bytes of which object, under which conditions, with which headers.
import type { BucketRecord, ObjectRecord } from '../metadata/tables/objects.ts';
import { S3Error } from '../shared/errors.ts';
import type { ObjectKey } from '../shared/ids.ts';
import type { ReadConditions } from '../storage/preconditions.ts';
import { checkRead } from '../storage/preconditions.ts';
import { findObject } from '../storage/read-object.ts';
import { wantsChecksum } from './checksum-headers.ts';
import { preconditionFailed, readConditions } from './conditions.ts';
import { objectHeaders, validatorHeaders } from './object-headers.ts';
import { chooseSlice, type Slice } from './object-slice.ts';
import type { OperationContext, Permission, S3Reply, S3Request } from './operation.ts';
import { encodeHeader, findCount, invalidArgument } from './parameters.ts';
import { requireKey } from './require.ts';
import { refuseCustomerKeys } from './unsupported-headers.ts';
import type { VersionChoice } from './versions.ts';
import { noSuchVersion, versionOf } from './versions.ts';

export type ReadInput = {
  readonly key: ObjectKey;
  readonly version: VersionChoice;
  readonly versionId: string | null;
  readonly conditions: ReadConditions;
  readonly range: string | null;
  readonly partNumber: number | null;
  readonly overrides: Readonly<Record<string, string>>;
  readonly withChecksum: boolean;
};

const OVERRIDES = [
  'content-type',
  'content-language',
  'expires',
  'cache-control',
  'content-disposition',
  'content-encoding',
];

function parseOverrides(request: S3Request): Record<string, string> {
  const overrides: Record<string, string> = {};
  for (const header of OVERRIDES) {
    const name = `response-${header}`;
    const value = request.query.get(name);
    if (value === undefined) continue;
    if (/[\u0000-\u0008\u000a-\u001f\u007f]/.test(value)) {
      throw invalidArgument(name, value, 'Control characters cannot stand in a header.');
    }
    overrides[header] = encodeHeader(value);
  }
  return overrides;
}

export function parseRead(request: S3Request): ReadInput {
  refuseCustomerKeys(request);
  const range = request.headers.get('range') ?? null;
  const partNumber = findCount(request, 'partNumber', { min: 1, max: 10_000 }) ?? null;
  if (range !== null && partNumber !== null) {
    throw new S3Error('InvalidRequest', { message: 'Cannot specify both Range header and partNumber query parameter' });
  }
  return {
    key: requireKey(request),
    version: versionOf(request),
    versionId: request.query.get('versionId') ?? null,
    conditions: readConditions(request),
    range,
    partNumber,
    overrides: parseOverrides(request),
    withChecksum: wantsChecksum(request),
  };
}

export function readPermissions(input: Pick<ReadInput, 'version'>): readonly [Permission] {
  return [{ action: input.version === 'current' ? 's3:GetObject' : 's3:GetObjectVersion' }];
}

/** Who may not list the bucket is not told which keys exist in it. */
async function refuseMissing(
  context: OperationContext,
  source: { readonly bucket: BucketRecord; readonly key: ObjectKey },
): Promise<never> {
  const listing: Permission = { action: 's3:ListBucket', on: { bucket: source.bucket.name, key: null } };
  if (await context.allows(listing)) throw new S3Error('NoSuchKey', { fields: { Key: source.key } });
  throw new S3Error('AccessDenied');
}

export async function getObjectRecord(
  context: OperationContext,
  source: {
    readonly bucket: BucketRecord;
    readonly key: ObjectKey;
    readonly version: VersionChoice;
    readonly versionId: string | null;
  },
): Promise<ObjectRecord> {
  if (source.version === 'unknown') throw noSuchVersion(source.key, source.versionId ?? '');
  return (await findObject(context.services, source.bucket, source.key)) ?? (await refuseMissing(context, source));
}

/** The reply without its body, and the bytes that belong in it; a 304 has none. */
export async function planRead(
  context: OperationContext,
  object: ObjectRecord,
  input: ReadInput,
): Promise<{ readonly reply: S3Reply; readonly slice: Slice | null }> {
  if (Object.keys(input.overrides).length > 0 && context.principal.kind === 'anonymous') {
    throw new S3Error('InvalidRequest', {
      message: 'Request specific response headers cannot be used for anonymous GET requests.',
    });
  }
  const verdict = checkRead(input.conditions, object);
  if (verdict === 'failed')
    throw preconditionFailed(input.conditions.ifMatch === null ? 'If-Unmodified-Since' : 'If-Match');
  if (verdict === 'not-modified') return { reply: { status: 304, headers: validatorHeaders(object) }, slice: null };
  const bytes = await chooseSlice(context.services, object, input);
  const headers = {
    ...objectHeaders(object, { withChecksum: input.withChecksum && !bytes.partial }),
    ...bytes.headers,
    ...input.overrides,
    'content-length': String(bytes.end - bytes.start),
  };
  return { reply: { status: bytes.partial ? 206 : 200, headers }, slice: bytes };
}
