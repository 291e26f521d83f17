// When a request was signed, and whether that is acceptable now.
import { S3Error } from '../../shared/errors.ts';
import type { SignatureClaim } from './sigv4-claim.ts';

export const MAX_SKEW_MS = 15 * 60 * 1000;
/** Seven days. */
export const MAX_EXPIRES_SECONDS = 604_800;

const BASIC_FORMAT = /^(\d{4})(\d{2})(\d{2})T(\d{2})(\d{2})(\d{2})Z$/;
/** the forms of HTTP's Date header, RFC 9110 section 5.6.7, and the numeric zone that mail libraries write */
const HTTP_DATE = /^[A-Za-z]{3,9},? .*(GMT|UTC|[+-]\d{4})$/;

/** `20130524T000000Z` → ms since 1970; null for any other form or a day that does not exist. */
export function parseTimestamp(text: string): number | null {
  if (text !== last.text) last = { text, time: readTimestamp(text) };
  return last.time;
}

/** Requests come in their thousands within one second. */
let last: { readonly text: string; readonly time: number | null } = { text: '', time: null };

function readTimestamp(text: string): number | null {
  const match = BASIC_FORMAT.exec(text);
  if (match === null) return null;
  const [, year, month, day, hour, minute, second] = match;
  const time = Date.parse(`${year}-${month}-${day}T${hour}:${minute}:${second}Z`);
  return Number.isNaN(time) || formatTimestamp(time) !== text ? null : time;
}

export function formatTimestamp(timeMs: number): string {
  return `${new Date(timeMs).toISOString().replace(/[-:]/g, '').slice(0, 15)}Z`;
}

/** A Date header: HTTP's forms, and S3's own. */
export function parseDateHeader(text: string): number | null {
  if (!HTTP_DATE.test(text)) return parseTimestamp(text);
  const time = Date.parse(text);
  // NaN too: a clock before 1970 is none
  return time >= 0 ? time : null;
}

export function checkTime(claim: SignatureClaim, now: number): void {
  if (claim.expiresSeconds === null) checkSkew(claim, now);
  else checkExpiry(claim, claim.expiresSeconds, now);
}

export function checkSkew(claim: Pick<SignatureClaim, 'signedAt' | 'timestamp'>, now: number): void {
  if (Math.abs(now - claim.signedAt) <= MAX_SKEW_MS) return;
  throw new S3Error('RequestTimeTooSkewed', {
    fields: {
      RequestTime: claim.timestamp,
      ServerTime: isoSeconds(now),
      MaxAllowedSkewMilliseconds: String(MAX_SKEW_MS),
    },
  });
}

function checkExpiry(claim: SignatureClaim, expiresSeconds: number, now: number): void {
  if (claim.signedAt - now > MAX_SKEW_MS) {
    throw new S3Error('AccessDenied', {
      message: 'Request is not valid yet',
      fields: { 'X-Amz-Date': claim.timestamp, ServerTime: isoSeconds(now) },
    });
  }
  const expiresAt = claim.signedAt + expiresSeconds * 1000;
  if (now <= expiresAt) return;
  throw new S3Error('AccessDenied', {
    message: 'Request has expired',
    fields: {
      'X-Amz-Expires': String(expiresSeconds),
      Expires: isoSeconds(expiresAt),
      ServerTime: isoSeconds(now),
    },
  });
}

export function isoSeconds(timeMs: number): string {
  return `${new Date(timeMs).toISOString().slice(0, 19)}Z`;
}
