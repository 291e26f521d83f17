// What GetObject and HeadObject share: which bytes of which object, under which conditions, with which headers.
import type { BucketRecord, ObjectRecord } from '../metadata/tables/objects.ts';
import { S3Error } from '../shared/errors.ts';
import type { ObjectKey } from '../shared/ids.ts';
import type { ReadConditions } from '../storage/preconditions.ts';
import { checkRead } from '../storage/preconditions.ts';
import type { ByteRange } from '../storage/ranges.ts';
import { parseRange } from '../storage/ranges.ts';
import { findObject, findPart } from '../storage/read-object.ts';
import { partChecksumHeaders, wantsChecksum } from './checksum-headers.ts';
import { preconditionFailed, readConditions } from './conditions.ts';
import { objectHeaders, validatorHeaders } from './object-headers.ts';
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

export type Slice = {
  readonly start: number;
  /** byte after the last */
  readonly end: number;
  readonly partial: boolean;
  readonly headers: Readonly<Record<string, string>>;
};

function whole(object: ObjectRecord): Slice {
  return { start: 0, end: object.sizeBytes, partial: false, headers: {} };
}

function part(object: ObjectRecord, { start, end }: ByteRange, headers: Readonly<Record<string, string>> = {}): Slice {
  const range = `bytes ${start}-${end - 1}/${object.sizeBytes}`;
  return { start, end, partial: true, headers: { 'content-range': range, ...headers } };
}

function unsatisfiable(header: string, sizeBytes: number): S3Error {
  return new S3Error('InvalidRange', {
    fields: { RangeRequested: header, ActualObjectSize: String(sizeBytes) },
    headers: { 'content-range': `bytes */${sizeBytes}` },
  });
}

async function slicePart(
  context: OperationContext,
  object: ObjectRecord,
  input: ReadInput & { readonly partNumber: number },
): Promise<Slice> {
  const { partNumber } = input;
  const found = await findPart(context.services, object, partNumber);
  if (found === undefined) {
    throw new S3Error('InvalidPartNumber', {
      fields: {
        PartNumberRequested: String(partNumber),
        ActualPartCount: object.body.kind === 'parts' ? String(object.body.partCount) : '1',
      },
    });
  }
  if (object.sizeBytes === 0) return whole(object);
  const count: Record<string, string> =
    found.partsCount === null ? {} : { 'x-amz-mp-parts-count': String(found.partsCount) };
  return part(object, found, { ...count, ...(input.withChecksum ? partChecksumHeaders(found.checksum) : {}) });
}

async function slice(context: OperationContext, object: ObjectRecord, input: ReadInput): Promise<Slice> {
  const { partNumber } = input;
  if (partNumber !== null) return slicePart(context, object, { ...input, partNumber });
  if (input.range === null) return whole(object);
  const range = parseRange(input.range, object.sizeBytes);
  if (range === 'whole') return whole(object);
  if (range === 'unsatisfiable') throw unsatisfiable(input.range, object.sizeBytes);
  return part(object, range);
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
  const bytes = await slice(context, object, input);
  const headers = {
    ...objectHeaders(object, { withChecksum: input.withChecksum && !bytes.partial }),
    ...bytes.headers,
    ...input.overrides,
    'content-length': String(bytes.end - bytes.start),
  };
  return { reply: { status: bytes.partial ? 206 : 200, headers }, slice: bytes };
}
