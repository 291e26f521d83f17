// The life of a request, in order: parse and address → route → authenticate → input → load buckets → authorize → run
// → reply → one record. Nothing of the body is read before `run`, and nobody is invited to send it (100 Continue)
// before that either.
import type { IncomingMessage, ServerResponse } from 'node:http';
import { findSigner } from '../access/signers.ts';
import { newRequestId } from '../shared/ids.ts';
import { authenticate } from './auth/authenticate.ts';
import { type Asker, demandAll, guardOf, isAllowed } from './authorize-request.ts';
import { openBody } from './body/open-body.ts';
import { answerPreflight, crossOriginHeaders } from './cross-origin.ts';
import { type ConnectionReader, readConnection } from './connection.ts';
import { type IncomingBody, openIncoming } from './incoming-body.ts';
import type { OperationContext, S3Reply } from './operation.ts';
import { answerError } from './refuse.ts';
import { sendReply } from './reply.ts';
import { parseRequest } from './request.ts';
import { loadBuckets } from './request-buckets.ts';
import type { Router } from './route.ts';
import type { S3Services } from './services.ts';
import { finishTrace, startTrace, type Trace } from './trace.ts';
import { settleUnreadBody } from './unread-body.ts';

/** Longest time a client may send nothing while its body is awaited. */
const BODY_IDLE_MS = 60_000;

export type Edge = {
  readonly services: S3Services;
  readonly route: Router;
  readonly hostId: string;
  readonly connections: ConnectionReader;
};

export async function handleRequest(edge: Edge, incoming: IncomingMessage, response: ServerResponse): Promise<void> {
  const { services, hostId } = edge;
  const trace = startTrace(newRequestId(), incoming, services.clock());
  const ids = { requestId: trace.requestId, hostId };
  const body = openIncoming(incoming, response, BODY_IDLE_MS);
  const headOnly = incoming.method === 'HEAD';
  try {
    const reply = await perform(edge, trace, incoming, body);
    const headers = { ...(await crossOriginHeaders(services, trace.request, trace.bucket)), ...reply.headers };
    settleUnreadBody(incoming, response, body);
    trace.status = reply.status;
    trace.bytesOut = await sendReply(response, { ...reply, headers }, ids, { headOnly });
  } catch (error) {
    const headers = await headersOfRefusal(services, trace);
    await answerError({ log: services.log, ids, trace, headOnly, headers }, { incoming, response, body }, error);
  }
  services.onRequest(finishTrace(trace, services.clock(), body.bytesRead()));
}

/** A page of another origin can read why it was refused. When even that cannot be found out, the refusal goes without. */
async function headersOfRefusal(services: S3Services, { request, bucket }: Trace): Promise<Record<string, string>> {
  try {
    return await crossOriginHeaders(services, request, bucket);
  } catch {
    return {};
  }
}

async function perform(edge: Edge, trace: Trace, incoming: IncomingMessage, body: IncomingBody): Promise<S3Reply> {
  const { services } = edge;
  const connection = readConnection(edge.connections, incoming);
  trace.clientAddress = connection.clientAddress;
  const request = parseRequest(trace.requestId, incoming, connection, services.regions, services.clock());
  trace.request = request;
  if (request.method === 'OPTIONS') {
    trace.operation = 'Preflight';
    return answerPreflight(services, request);
  }
  const operation = edge.route(request);
  trace.operation = operation.name;
  const { principal, bodyProof } = await authenticate(signatureDeps(services), request);
  trace.accessKey = principal.kind === 's3-key' ? principal.accessKey : null;
  const { permissions, run } = operation.prepare(request);
  const buckets = await loadBuckets(services, operation, request, permissions);
  trace.bucket = buckets.bucket;
  const asker: Asker = { services, principal, request, buckets };
  await demandAll(asker, permissions);
  const context: OperationContext = {
    request,
    principal,
    services,
    ...buckets,
    body: openBody(bodyProof, request, body.chunks),
    guard: guardOf(asker, permissions),
    guardFor: (others) => guardOf(asker, others),
    allows: (permission) => isAllowed(asker, permission),
  };
  return run(context);
}

function signatureDeps(services: S3Services): Parameters<typeof authenticate>[0] {
  const { clock, regions, strictRegion, signatureVersion2 } = services;
  return {
    clock,
    regions,
    strictRegion,
    signatureVersion2,
    findSigner: (accessKey) => findSigner(services, accessKey),
  };
}
