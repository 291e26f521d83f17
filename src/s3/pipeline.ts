// The life of a request, in order: parse and address → route → authenticate → input → load buckets → authorize → run
// → reply → one record. Nothing of the body is read before `run`, and nobody is invited to send it (100 Continue)
// before that either; only a form upload brings its signature in its body, and of that no more is read than stands
// before the file.
import type { IncomingMessage, ServerResponse } from 'node:http';
import { findAnySigner } from '../access/find-signer.ts';
import { S3Error } from '../shared/errors.ts';
import { shareSnapshot } from '../metadata/shared-snapshot.ts';
import { newRequestId } from '../shared/ids.ts';
import { isBelow } from './address.ts';
import type { Admission } from './admission.ts';
import { accessLogLines } from './access-log/line.ts';
import { announceRequest } from './announce-request.ts';
import { auditChange, auditEnd } from './audit/record.ts';
import { authenticate } from './auth/authenticate.ts';
import { type Asker, demandAll, factsOf, guardOf, isAllowed } from './authorize-request.ts';
import { openBody } from './body/open-body.ts';
import type { Call } from './call.ts';
import { type ConnectionReader, readConnection } from './connection.ts';
import { performQuery } from './perform-query.ts';
import { queryKindOf } from './query-request.ts';
import { answerPreflight, crossOriginHeaders, isWithoutCors } from './cross-origin.ts';
import { type IncomingBody, openIncoming } from '../shared/http/incoming-body.ts';
import type { DeclaredOperation, OperationContext, S3Reply, S3Request } from './operation.ts';
import { noteRefusal } from './explain/note-refusal.ts';
import { findElsewhere, notHere } from './operations/elsewhere.ts';
import { getObject } from './operations/get-object.ts';
import { headObject } from './operations/head-object.ts';
import { meterRequest } from './meter-request.ts';
import { isWatched, noteIfWatched } from './note-if-watched.ts';
import { openPostForm } from './post-form/open-post-form.ts';
import { answerError } from './refuse.ts';
import { sendReply } from './reply.ts';
import { parseRequest, splitTarget } from './request.ts';
import { loadBuckets } from './request-buckets.ts';
import type { Router } from './route.ts';
import { type BucketIds, isReading, likelyKeys, rememberBucket } from './foresight.ts';
import type { S3Services } from './services.ts';
import { finishTrace, startTrace, type Trace } from './trace.ts';
import { settleUnreadBody } from '../shared/http/unread-body.ts';
import { serveWebsite } from './website/serve-website.ts';

/** Longest time a client may send nothing while its body is awaited. */
const BODY_IDLE_MS = 60_000;

export type Edge = {
  readonly services: S3Services;
  readonly route: Router;
  readonly hostId: string;
  readonly connections: ConnectionReader;
  readonly bucketIds: BucketIds;
  readonly admission: Admission;
  /** of the region */
  readonly domains: readonly string[];
};

export async function handleRequest(edge: Edge, incoming: IncomingMessage, response: ServerResponse): Promise<void> {
  const { services, hostId } = edge;
  const trace = startTrace(newRequestId(), incoming, services.clock());
  const ids = { requestId: trace.requestId, hostId };
  const body = openIncoming(incoming, response, BODY_IDLE_MS);
  const headOnly = incoming.method === 'HEAD';
  using place = edge.admission.enter({ response, body });
  try {
    if (!place.isAdmitted) throw new S3Error('SlowDown');
    const reply = await perform(edge, trace, incoming, body);
    const isPlain = isWithoutCors(services, trace.request, trace.bucket);
    const headers = isPlain ? (reply.headers ?? {}) : { ...(await browserHeaders(services, trace)), ...reply.headers };
    settleUnreadBody(incoming, response, body);
    trace.status = reply.status;
    trace.replyHeaders = headers;
    trace.replyDetails = reply.details ?? null;
    trace.replyEntries = reply.entries ?? [];
    const recorded = auditChange(services, trace);
    if (recorded !== null) await recorded;
    trace.answeredAt = services.clock();
    trace.bytesOut = await sendReply(response, { ...reply, headers }, ids, { headOnly });
  } catch (error) {
    const headers = await browserHeaders(services, trace);
    await answerError({ log: services.log, ids, trace, headOnly, headers }, { incoming, response, body }, error);
  }
  auditEnd(services, trace);
  noteRefusal(services, trace);
  services.onRequest(finishTrace(trace, services.clock(), body.bytesRead()));
  if (isWatched(trace)) await noteIfWatched(services, trace);
  meterRequest(services, trace, body.bytesRead());
  writeAccessLog(services, trace, incoming);
}

function writeAccessLog({ accessLog, hostId, clock }: S3Services, trace: Trace, incoming: IncomingMessage): void {
  const { bucket } = trace;
  if (bucket === null || !accessLog.isWanted(bucket)) return;
  for (const line of accessLogLines({ bucket, trace, incoming, hostId, now: clock() })) accessLog.add(bucket, line);
}

/** Pages of other origins may read refusals too. When the store cannot tell, the answer goes out without. */
async function browserHeaders(services: S3Services, { request, bucket }: Trace): Promise<Record<string, string>> {
  try {
    return await crossOriginHeaders(services, request, bucket);
  } catch {
    return {};
  }
}

async function perform(edge: Edge, trace: Trace, incoming: IncomingMessage, body: IncomingBody): Promise<S3Reply> {
  const { services } = edge;
  const request = readRequest(edge, trace, incoming);
  if (request.method === 'OPTIONS') {
    trace.operation = 'Preflight';
    return answerPreflight(services, request);
  }
  if (trace.isWebsite) return performWebsite(edge, trace, request, body);
  const query = queryKindOf(request);
  if (query !== null) {
    trace.query = { action: null, resource: null, details: {}, bodyHash: null };
    return performQuery({ ...edge, auth: signatureDeps(services) }, trace, { ...query, request, body });
  }
  const operation = edge.route(request);
  trace.operation = operation.name;
  if (operation.form) return performForm(services, trace, operation, request, body);
  return await performOperation(edge, trace, operation, request, body);
}

/** With an engine that is far away, all that is read up to the decision is read together, and is of one moment. */
async function performOperation(
  { services: own, bucketIds }: Edge,
  trace: Trace,
  operation: DeclaredOperation,
  request: S3Request,
  body: IncomingBody,
): Promise<S3Reply> {
  using snapshot = shareSnapshot(own.store, () => likelyKeys(bucketIds, own.region, request));
  const services = snapshot.store === own.store ? own : { ...own, store: snapshot.store };
  const { principal, bodyProof } = await authenticate(signatureDeps(services), request);
  const reply = await execute(services, trace, operation, {
    request,
    principal,
    openBody: () => {
      if (!isReading(request)) snapshot.end();
      return openBody(bodyProof, request, body.chunks, body.take);
    },
  });
  rememberBucket(bucketIds, trace.bucket);
  return reply;
}

function readRequest(edge: Edge, trace: Trace, incoming: IncomingMessage): S3Request {
  const { services, connections, domains } = edge;
  const connection = readConnection(connections, incoming);
  trace.clientAddress = connection.clientAddress;
  trace.isWebsite = isBelow(incoming.headers.host ?? '', services.websiteDomains, domains);
  if (!trace.isWebsite) refuseElsewhere(trace, incoming);
  const { region } = services;
  const place = { domains: trace.isWebsite ? services.websiteDomains : domains, region };
  const request = parseRequest(trace.requestId, incoming, connection, place, services.clock());
  trace.request = request;
  return request;
}

function refuseElsewhere(trace: Trace, incoming: IncomingMessage): void {
  const { rawPath, rawQuery } = splitTarget(incoming.url ?? '/');
  const operation = findElsewhere(incoming.method ?? '', rawPath, rawQuery);
  if (operation === undefined) return;
  trace.operation = operation.name;
  throw notHere(operation);
}

async function execute(services: S3Services, trace: Trace, operation: DeclaredOperation, call: Call): Promise<S3Reply> {
  const { request, principal } = call;
  trace.principal = principal;
  trace.accessKey = principal.kind === 's3-key' ? principal.accessKey : null;
  const { permissions, run } = operation.prepare(request);
  trace.action = permissions[0].action;
  const buckets = await loadBuckets(services, operation, request, permissions);
  trace.bucket = buckets.bucket;
  const asker: Asker = { services, principal, request, buckets, facts: factsOf(request) };
  await demandAll(asker, permissions);
  const context: OperationContext = {
    request,
    principal,
    services: isReading(request) ? services : announcing(services, operation, call),
    ...buckets,
    body: await call.openBody(),
    guard: (transaction) => guardOf(asker, permissions)(transaction),
    guardFor: (others) => guardOf(asker, others),
    allows: (permission) => isAllowed(asker, permission),
  };
  return await run(context);
}

/** Who changes nothing has nothing to announce, and is spared the copy. */
function announcing(services: S3Services, operation: DeclaredOperation, call: Call): S3Services {
  return { ...services, announce: announceRequest(services, operation.name, call) };
}

async function performForm(
  services: S3Services,
  trace: Trace,
  operation: DeclaredOperation,
  request: S3Request,
  body: IncomingBody,
): Promise<S3Reply> {
  await using form = await openPostForm(services, signatureDeps(services), request, body.chunks);
  trace.request = form.request;
  return await execute(services, trace, operation, form);
}

function performWebsite(
  { services, hostId }: Edge,
  trace: Trace,
  request: S3Request,
  body: IncomingBody,
): Promise<S3Reply> {
  trace.operation = 'WebsiteGetObject';
  const read = (page: S3Request): Promise<S3Reply> =>
    execute(services, trace, page.method === 'HEAD' ? headObject : getObject, {
      request: page,
      principal: { kind: 'anonymous' },
      openBody: () => openBody({ kind: 'unsigned' }, page, body.chunks),
    });
  return serveWebsite({ services, ids: { requestId: trace.requestId, hostId }, read }, request);
}

function signatureDeps(services: S3Services): Parameters<typeof authenticate>[0] {
  const { clock, region: name, domains, strictRegion, signatureVersion2 } = services;
  return {
    clock,
    region: { name, domains },
    strictRegion,
    signatureVersion2,
    findSigner: (accessKey) => findAnySigner(services, accessKey),
  };
}
