// What GetObject and HeadObject share: which bytes of which object, under which conditions, with which headers.
import { checkCustomerKey, type CustomerKey } from '../encryption/object-encryption.ts';
import type { ObjectRecord } from '../metadata/tables/objects.ts';
import { S3Error } from '../shared/errors.ts';
import type { ObjectKey } from '../shared/ids.ts';
import type { ReadConditions } from '../storage/preconditions.ts';
import { requireReadable } from '../storage/restore-object.ts';
import { checkRead } from '../storage/preconditions.ts';
import { wantsChecksum } from './checksum-headers.ts';
import { parseCustomerKey } from './customer-key.ts';
import { refuseEncryptionMethod } from './encryption-headers.ts';
import { preconditionFailed, readConditions } from './conditions.ts';
import { objectHeaders, validatorHeaders } from './object-headers.ts';
import { objectFacts } from './object-facts.ts';
import { chooseSlice, type Slice, sliceOf } from './object-slice.ts';
import type { OperationContext, Permission, S3Reply, S3Request } from './operation.ts';
import { findPartNumber } from './multipart.ts';
import { encodeHeader, invalidArgument } from './parameters.ts';
import { requireBucket, requireKey } from './require.ts';
import { getVersion, versionedAction, versionHeaders, versionOf } from './versions.ts';

export type ReadInput = {
  readonly key: ObjectKey;
  readonly versionId: string | null;
  readonly conditions: ReadConditions;
  readonly range: string | null;
  readonly partNumber: number | null;
  readonly overrides: Readonly<Record<string, string>>;
  readonly withChecksum: boolean;
  /** that the object is encrypted with, when it came with the request */
  readonly customerKey: CustomerKey | null;
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
  refuseEncryptionMethod(request);
  const range = request.headers.get('range') ?? null;
  const partNumber = findPartNumber(request);
  if (range !== null && partNumber !== null) {
    throw new S3Error('InvalidRequest', { message: 'Cannot specify both Range header and partNumber query parameter' });
  }
  return {
    key: requireKey(request),
    versionId: versionOf(request),
    conditions: readConditions(request),
    range,
    partNumber,
    overrides: parseOverrides(request),
    withChecksum: wantsChecksum(request),
    customerKey: parseCustomerKey(request),
  };
}

export function readPermissions({ versionId }: Pick<ReadInput, 'versionId'>): readonly [Permission] {
  return [{ action: versionedAction(versionId, 'Get') }];
}

export const getObjectRecord = getVersion;

/** Before the conditions: they too would tell something about an object of which the reader has no key. */
function checkKeys(
  { principal }: OperationContext,
  { encryption }: ObjectRecord,
  customerKey: CustomerKey | null,
): void {
  checkCustomerKey(encryption, customerKey);
  if (encryption?.kind === 'SSE-KMS' && principal.kind === 'anonymous') {
    throw new S3Error('InvalidArgument', {
      message: 'Requests specifying Server Side Encryption with AWS KMS managed keys require AWS Signature Version 4.',
      fields: { ArgumentName: 'Authorization', ArgumentValue: 'null' },
    });
  }
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
  checkKeys(context, object, input.customerKey);
  const verdict = checkRead(input.conditions, object);
  if (verdict === 'failed')
    throw preconditionFailed(input.conditions.ifMatch === null ? 'If-Unmodified-Since' : 'If-Match');
  if (verdict === 'not-modified') {
    const headers = { ...validatorHeaders(object), ...versionHeaders(requireBucket(context), object) };
    return { reply: { status: 304, headers }, slice: null };
  }
  if (context.request.method !== 'HEAD') requireReadable(object, context.services.clock());
  const bytes = input.partNumber === null ? sliceOf(object, input) : await chooseSlice(context.services, object, input);
  const headers = Object.assign(
    objectHeaders(object, { withChecksum: input.withChecksum && !bytes.partial }),
    bytes.headers,
    versionHeaders(requireBucket(context), object),
    await objectFacts(context, { object, key: input.key, versionId: input.versionId }),
    input.overrides,
    { 'content-length': String(bytes.end - bytes.start) },
  );
  return { reply: { status: bytes.partial ? 206 : 200, headers }, slice: bytes };
}
