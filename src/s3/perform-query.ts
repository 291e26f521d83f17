// A request to the IAM or STS Query API, from reading its form to its answer. Its errors are its own API's, not S3's.
import { hash } from 'node:crypto';
import type { Principal } from '../access/principal.ts';
import type { QueryAnswer, QueryService } from '../access/query-call.ts';
import type { IncomingBody } from '../shared/http/incoming-body.ts';
import { type AuthenticateDeps, authenticateQuery } from './auth/authenticate.ts';
import type { S3Reply, S3Request } from './operation.ts';
import { tracedQuery } from './audit/traced-query.ts';
import { queryParameters, readQueryBody } from './query-request.ts';
import type { S3Services } from './services.ts';
import type { Trace } from './trace.ts';

type QueryEdge = { readonly services: S3Services; readonly auth: AuthenticateDeps };

export type IncomingQuery = {
  /** null: not signed */
  readonly service: QueryService | null;
  readonly request: S3Request;
  readonly body: IncomingBody;
};

export async function performQuery(edge: QueryEdge, trace: Trace, query: IncomingQuery): Promise<S3Reply> {
  const answer = await answerQuery(edge, trace, query);
  const { requestId } = trace;
  const { operation, failure } = answer;
  if (failure !== null) edge.services.log.error({ requestId, operation, err: failure }, 'a Query API request failed');
  trace.operation = answer.operation;
  trace.errorCode = answer.errorCode;
  trace.error ??= answer.refusal;
  const headers = { 'content-type': 'text/xml', 'x-amzn-requestid': requestId };
  return { status: answer.status, headers, body: answer.body };
}

async function answerQuery({ services, auth }: QueryEdge, trace: Trace, query: IncomingQuery): Promise<QueryAnswer> {
  const { queryApi } = services;
  const { service, request } = query;
  const { requestId } = trace;
  try {
    const body = await readQueryBody(query.body.chunks);
    const bodyHash = hash('sha256', body, 'hex');
    trace.query = tracedQuery(queryParameters(request, body), null, bodyHash);
    const principal = await senderOf(auth, query, body);
    noteSender(trace, principal);
    const parameters = queryParameters(request, body);
    const accountId = principal.kind === 'anonymous' ? null : principal.identity.accountId;
    trace.query = tracedQuery(parameters, accountId, bodyHash);
    return await queryApi.answer({ requestId, service, parameters, principal, facts: request });
  } catch (error) {
    trace.error = error;
    return queryApi.refuse({ requestId, service, error });
  }
}

function senderOf(auth: AuthenticateDeps, { service, request }: IncomingQuery, body: Buffer): Promise<Principal> {
  if (service === null) return Promise.resolve({ kind: 'anonymous' });
  return authenticateQuery(auth, request, { service, payloadHash: hash('sha256', body, 'hex') });
}

function noteSender(trace: Trace, principal: Principal): void {
  trace.principal = principal;
  trace.accessKey = principal.kind === 's3-key' ? principal.accessKey : null;
}
