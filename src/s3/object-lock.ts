// Object lock in requests: headers of writes, XML of the configurations.
// https://docs.aws.amazon.com/AmazonS3/latest/userguide/object-lock.html
import type { ObjectLock, Retention } from '../metadata/tables/objects.ts';
import type { RetentionMode } from '../metadata/tables/bucket-configurations.ts';
import { S3Error } from '../shared/errors.ts';
import { configurationsOf } from '../storage/bucket-configurations.ts';
import type { OperationContext, S3Request } from './operation.ts';
import { findHeader, invalidArgument } from './parameters.ts';
import { requireBucket } from './require.ts';
import { childText, malformed, readXml, type XmlElement } from './xml/read.ts';

const MODE = 'x-amz-object-lock-mode';
const UNTIL = 'x-amz-object-lock-retain-until-date';
const LEGAL_HOLD = 'x-amz-object-lock-legal-hold';
const DATE = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d{1,9})?(?:Z|[+-]\d\d:\d\d)$/;

const isMode = (text: string): text is RetentionMode => text === 'GOVERNANCE' || text === 'COMPLIANCE';

/** What a write asks for; undefined: nothing. */
export function parseLockHeaders(request: S3Request): ObjectLock | undefined {
  const retention = retentionHeaders(request);
  const legalHold = legalHoldHeader(request);
  return retention === null && legalHold === null ? undefined : { retention, legalHold };
}

function retentionHeaders(request: S3Request): Retention | null {
  const mode = findHeader(request, MODE) ?? '';
  const until = findHeader(request, UNTIL) ?? '';
  if (mode === '' && until === '') return null;
  if (mode === '' || until === '') {
    throw invalidArgument(mode === '' ? UNTIL : MODE, mode + until, `${UNTIL} and ${MODE} must both be supplied`);
  }
  if (!isMode(mode)) throw invalidArgument(MODE, mode, 'Unknown wormMode directive.');
  if (!DATE.test(until)) {
    throw invalidArgument(UNTIL, until, 'The retain until date must be provided in ISO 8601 format');
  }
  return { mode, until: futureDate(until, request.receivedAt) };
}

function legalHoldHeader(request: S3Request): boolean | null {
  const text = findHeader(request, LEGAL_HOLD) ?? '';
  if (text === '') return null;
  if (text !== 'ON' && text !== 'OFF') {
    throw invalidArgument(LEGAL_HOLD, text, "Legal Hold must be either of 'ON' or 'OFF'");
  }
  return text === 'ON';
}

function futureDate(text: string, now: number): number {
  const until = Date.parse(text);
  if (!(until > now)) throw invalidArgument('RetainUntilDate', text, 'The retain until date must be in the future!');
  return until;
}

/** `<Retention>`; an empty one (null) takes a retention away. */
export function parseRetention(bytes: Uint8Array, now: number): Retention | null {
  const root = readXml(bytes, 'Retention');
  const mode = childText(root, 'Mode')?.trim();
  const until = childText(root, 'RetainUntilDate')?.trim();
  if (mode === undefined && until === undefined) return null;
  if (mode === undefined || until === undefined || !isMode(mode) || !DATE.test(until)) throw malformed();
  return { mode, until: futureDate(until, now) };
}

export function parseLegalHold(bytes: Uint8Array): boolean {
  const status = childText(readXml(bytes, 'LegalHold'), 'Status')?.trim();
  if (status !== 'ON' && status !== 'OFF') throw malformed();
  return status === 'ON';
}

export function parseMode(parent: XmlElement): RetentionMode {
  const mode = childText(parent, 'Mode')?.trim() ?? '';
  if (!isMode(mode)) throw malformed();
  return mode;
}

/** Whether the body came with a digest of its own: a lock must not be put on bytes that were changed on the way. */
function hasIntegrity({ request, body }: OperationContext): boolean {
  return request.headers.has('content-md5') || (body.announcedChecksum ?? null) !== null;
}

/** For the operations whose body is a configuration. */
export function requireIntegrity(context: OperationContext): void {
  if (hasIntegrity(context)) return;
  throw new S3Error('InvalidRequest', {
    message: 'Missing required header for this request: Content-MD5 OR x-amz-checksum-*',
  });
}

/** For an object that is locked from the beginning, by what was asked for or by the bucket's default. */
export async function requireIntegrityForLock(context: OperationContext, asked: ObjectLock | undefined): Promise<void> {
  if (hasIntegrity(context)) return;
  const bucket = requireBucket(context);
  const rule = bucket.objectLock ? (await configurationsOf(context.services, bucket)).objectLock?.rule : null;
  if (asked === undefined && (rule ?? null) === null) return;
  throw new S3Error('InvalidRequest', {
    message:
      'Content-MD5 OR x-amz-checksum- HTTP header is required for Put Object requests with Object Lock parameters',
  });
}
