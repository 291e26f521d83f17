// What is known of a request so far: the one record of it is made of this, wherever it ended.
import type { IncomingMessage } from 'node:http';
import type { Principal } from '../access/principal.ts';
import type { AuditDetails } from '../audit/entry.ts';
import type { BucketRecord } from '../metadata/tables/objects.ts';
import type { EntryReply, S3Request } from './operation.ts';
import type { S3RequestRecord } from './services.ts';

export type TracedQuery = {
  /** what it asked for by name, right or wrong */
  readonly action: string | null;
  readonly resource: string | null;
  readonly details: AuditDetails;
  /** SHA-256 of the body, once it was read */
  readonly bodyHash: string | null;
};

export type Trace = {
  readonly requestId: string;
  readonly startedAt: number;
  readonly method: string;
  readonly target: string;
  readonly userAgent: string;
  /** errors are pages for people */
  isWebsite: boolean;
  operation: string;
  /** the first that was asked for */
  action: string | null;
  request: S3Request | null;
  /** of a call of the Query API: what it is about; null: a request to S3 */
  query: TracedQuery | null;
  clientAddress: string;
  /** where the request arrived; null: not known any more */
  readonly listenerPort: number | null;
  accessKey: string | null;
  /** loaded, once the request was found to name it */
  bucket: BucketRecord | null;
  status: number;
  errorCode: string | null;
  bytesOut: number;
  principal: Principal | null;
  /** when the answer began */
  answeredAt: number | null;
  replyHeaders: Readonly<Record<string, string>>;
  replyDetails: AuditDetails | null;
  replyEntries: readonly EntryReply[];
  /** what refused it or went wrong */
  error: unknown;
  /** its record is written, or on its way */
  isAudited: boolean;
};

export function startTrace(requestId: string, incoming: IncomingMessage, startedAt: number): Trace {
  return {
    requestId,
    startedAt,
    method: incoming.method ?? '',
    target: incoming.url ?? '/',
    userAgent: incoming.headers['user-agent'] ?? '',
    isWebsite: false,
    operation: 'Unrouted',
    action: null,
    request: null,
    query: null,
    clientAddress: incoming.socket.remoteAddress ?? '',
    listenerPort: incoming.socket.localPort ?? null,
    accessKey: null,
    bucket: null,
    status: 0,
    errorCode: null,
    bytesOut: 0,
    principal: null,
    answeredAt: null,
    replyHeaders: {},
    replyDetails: null,
    replyEntries: [],
    error: null,
    isAudited: false,
  };
}

export function finishTrace(trace: Trace, now: number, bytesIn: number): S3RequestRecord {
  const { operation, method, status, errorCode, bytesOut, requestId, accessKey, clientAddress, userAgent } = trace;
  return {
    operation,
    method,
    bucket: trace.request?.bucket ?? null,
    key: trace.request?.key ?? null,
    status,
    errorCode,
    durationMs: now - trace.startedAt,
    bytesIn,
    bytesOut,
    requestId,
    accessKey,
    clientAddress,
    userAgent,
  };
}
