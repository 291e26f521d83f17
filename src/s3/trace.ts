// What is known of a request so far: the one record of it is made of this, wherever it ended.
import type { IncomingMessage } from 'node:http';
import type { Principal } from '../access/principal.ts';
import type { BucketRecord } from '../metadata/tables/objects.ts';
import type { S3Request } from './operation.ts';
import type { S3RequestRecord } from './services.ts';

export type Trace = {
  readonly requestId: string;
  readonly startedAt: number;
  readonly method: string;
  readonly target: string;
  readonly userAgent: string;
  /** errors are pages for people */
  isWebsite: boolean;
  operation: string;
  request: S3Request | null;
  clientAddress: string;
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
    request: null,
    clientAddress: incoming.socket.remoteAddress ?? '',
    accessKey: null,
    bucket: null,
    status: 0,
    errorCode: null,
    bytesOut: 0,
    principal: null,
    answeredAt: null,
    replyHeaders: {},
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
