// The lines of a request in a server access log: one, and one for each entry of a batch. https://docs.aws.amazon.com/AmazonS3/latest/userguide/LogFormat.html
// Signatures of presigned URLs and keys of customers are left out: who can read a log must not be able to repeat a
// request from it.
import { TLSSocket } from 'node:tls';
import type { IncomingMessage } from 'node:http';
import { type Principal, arnOf } from '../../access/principal.ts';
import type { BucketRecord } from '../../metadata/tables/objects.ts';
import type { EntryReply } from '../operation.ts';
import type { Trace } from '../trace.ts';
import { operationName } from './operation-name.ts';

const MONTHS = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec'];
const SECRET_PARAMETER =
  /([?&](?:X-Amz-Signature|X-Amz-Security-Token|Signature|x-amz-(?:copy-source-)?server-side-encryption-customer-key)=)[^&]*/gi;

export type LineFacts = {
  readonly bucket: BucketRecord;
  readonly trace: Trace;
  readonly incoming: IncomingMessage;
  readonly hostId: string;
  readonly now: number;
};

export function accessLogLines(facts: LineFacts): readonly string[] {
  return [requestFields(facts), ...facts.trace.replyEntries.map((entry) => entryFields(facts, entry))].map((fields) =>
    fields.join(' '),
  );
}

function requestFields(facts: LineFacts): readonly string[] {
  const { trace, incoming, now } = facts;
  const { headers } = incoming;
  return [
    ...firstFields(facts),
    operationName(trace),
    logKey(trace.request?.key ?? null),
    quotedText(requestLine(trace, incoming.httpVersion)),
    String(trace.status),
    trace.errorCode ?? '-',
    trace.bytesOut === 0 ? '-' : String(trace.bytesOut),
    objectSize(trace, incoming),
    String(now - trace.startedAt),
    String((trace.answeredAt ?? now) - trace.startedAt),
    quotedText(headers.referer),
    quotedText(headers['user-agent']),
    trace.replyHeaders['x-amz-version-id'] ?? '-',
    ...lastFields(facts),
  ];
}

/** Sizes, times and what the client said of itself stand in the line of the request. */
function entryFields(facts: LineFacts, { key, versionId, status, errorCode }: EntryReply): readonly string[] {
  return [
    ...firstFields(facts),
    'BATCH.DELETE.OBJECT',
    logKey(key),
    '-',
    String(status),
    errorCode ?? '-',
    ...['-', '-', '-', '-', '-', '-'],
    versionId ?? '-',
    ...lastFields(facts),
  ];
}

function firstFields({ bucket, trace }: LineFacts): readonly string[] {
  return [
    bucket.ownerCanonicalId,
    bucket.name,
    `[${logTime(trace.startedAt)}]`,
    trace.clientAddress,
    requester(trace.principal),
    trace.requestId,
  ];
}

function lastFields({ trace, incoming: { headers, socket }, hostId }: LineFacts): readonly string[] {
  const tls = socket instanceof TLSSocket ? socket : null;
  return [
    hostId,
    ...signature(trace, headers.authorization),
    tls?.getCipher()?.standardName ?? '-',
    authType(trace, headers.authorization),
    headers.host ?? '-',
    tls?.getProtocol()?.replace(/^TLSv1$/, 'TLSv1.0') ?? '-',
    '-',
    '-',
  ];
}

/** `06/Feb/2019:00:00:38 +0000` */
function logTime(ms: number): string {
  const date = new Date(ms);
  const two = (value: number): string => String(value).padStart(2, '0');
  const day = `${two(date.getUTCDate())}/${MONTHS[date.getUTCMonth()]}/${date.getUTCFullYear()}`;
  return `${day}:${two(date.getUTCHours())}:${two(date.getUTCMinutes())}:${two(date.getUTCSeconds())} +0000`;
}

function requester(principal: Principal | null): string {
  if (principal === null || principal.kind === 'anonymous') return '-';
  const { identity } = principal;
  if (identity.type === 'root') return identity.canonicalId;
  return arnOf(identity).replaceAll(/[\s"]/g, '_');
}

/** Encoded, so that it is one field. */
function logKey(key: string | null): string {
  return key === null ? '-' : encodeURIComponent(key).replaceAll('%2F', '/');
}

function requestLine({ method, target }: Trace, httpVersion: string): string {
  return `${method} ${target.replaceAll(SECRET_PARAMETER, '$1REDACTED')} HTTP/${httpVersion}`;
}

/** In quotes, in which nothing can end them or the line. */
function quotedText(text: string | undefined): string {
  if (text === undefined || text === '') return '"-"';
  return `"${text.replaceAll(/["\\\u0000-\u001f\u007f]/g, (char) => encodeURIComponent(char))}"`;
}

function objectSize({ method, operation, replyHeaders, status }: Trace, incoming: IncomingMessage): string {
  if (!/^(?:Get|Head|Put|Post)Object$|^UploadPart$|^WebsiteGetObject$/.test(operation) || status >= 300) return '-';
  const sent = incoming.headers['x-amz-decoded-content-length'] ?? incoming.headers['content-length'];
  if (method === 'PUT' || method === 'POST') return [sent ?? '-'].flat()[0] ?? '-';
  const whole = /\/(\d+)$/.exec(replyHeaders['content-range'] ?? '')?.[1];
  return whole ?? replyHeaders['content-length'] ?? '-';
}

function signature({ principal, request }: Trace, authorization: string | undefined): readonly string[] {
  if (principal === null || principal.kind === 'anonymous') return ['-'];
  const isV2 = authorization?.startsWith('AWS ') === true || request?.query.has('Signature') === true;
  return [isV2 ? 'SigV2' : 'SigV4'];
}

function authType({ principal, operation }: Trace, authorization: string | undefined): string {
  if (principal === null || principal.kind === 'anonymous') return '-';
  if (operation === 'PostObject') return 'Post';
  return authorization === undefined ? 'QueryString' : 'AuthHeader';
}
