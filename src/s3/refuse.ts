// The reply to a request that failed: S3's error, and what becomes of the connection.
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { S3Error } from '../shared/errors.ts';
import type { IncomingBody } from '../shared/http/incoming-body.ts';
import { errorXml, toS3Error } from './render-error.ts';
import type { ReplyIds } from './reply.ts';
import { sendReply } from './reply.ts';
import type { S3Log } from './services.ts';
import { splitTarget } from './request.ts';
import type { Trace } from './trace.ts';
import { settleUnreadBody } from '../shared/http/unread-body.ts';
import { errorHtml, websiteErrorHeaders } from './website/html-errors.ts';

export type RefusalFacts = {
  readonly log: S3Log;
  readonly ids: ReplyIds;
  readonly trace: Trace;
  readonly headOnly: boolean;
  /** of every answer to the request, this one too */
  readonly headers: Readonly<Record<string, string>>;
};

type Exchange = { readonly incoming: IncomingMessage; readonly response: ServerResponse; readonly body: IncomingBody };

/** Once, with the cause; what the client did wrong is no error of the server. */
function logFailure({ log, trace }: RefusalFacts, error: S3Error): void {
  if (error.status < 500 || error.code === 'NotImplemented' || error.code === 'SlowDown') return;
  const { requestId, operation } = trace;
  log.error({ requestId, operation, code: error.code, err: error.cause ?? error }, 'an S3 request failed');
}

function headersOf({ trace, headers }: RefusalFacts, error: S3Error): Record<string, string> {
  // HEAD has no body to name the region in; clients look for it here, on refusals too.
  const region = trace.operation === 'HeadBucket' ? (trace.bucket?.region ?? null) : null;
  return {
    ...headers,
    ...(region === null ? {} : { 'x-amz-bucket-region': region }),
    ...(error.status === 503 ? { 'retry-after': '1' } : {}),
    ...(trace.isWebsite
      ? { 'content-type': 'text/html; charset=utf-8', ...websiteErrorHeaders(error) }
      : { 'content-type': 'application/xml', ...error.headers }),
  };
}

function bodyOf({ ids, trace }: RefusalFacts, error: S3Error): string {
  if (trace.isWebsite) return errorHtml(error, ids);
  return errorXml(error, { ...ids, resource: splitTarget(trace.target).rawPath });
}

export async function answerError(facts: RefusalFacts, exchange: Exchange, cause: unknown): Promise<void> {
  const error = toS3Error(cause);
  const { trace, ids, headOnly } = facts;
  logFailure(facts, error);
  trace.errorCode = error.code;
  trace.error = error;
  const { response } = exchange;
  // The answer has begun, or nobody is there to read one: cutting the connection is all that can be said.
  if (response.headersSent || response.destroyed || exchange.incoming.socket.writableEnded) {
    response.destroy();
    if (trace.status === 0) trace.status = error.status;
    return;
  }
  trace.status = error.status;
  settleUnreadBody(exchange.incoming, response, exchange.body);
  const body = bodyOf(facts, error);
  trace.bytesOut = await sendReply(response, { status: error.status, headers: headersOf(facts, error), body }, ids, {
    headOnly,
  });
}
