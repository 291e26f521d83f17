// The one record of a request to the API, made in one place for all routes. A change is recorded before its answer goes
// out; if that fails, the answer says so. What is only read is noted after the answer.
import type {
  FastifyReply,
  FastifyRequest,
  onErrorAsyncHookHandler,
  onResponseAsyncHookHandler,
  onSendAsyncHookHandler,
  preSerializationAsyncHookHandler,
} from 'fastify';
import { trailsOf } from '../../audit/actor.ts';
import { wantsData } from '../../audit/auditor.ts';
import { harmlessDetails } from '../../audit/details.ts';
import { type AuditActor, type AuditEntry, outcomeOf } from '../../audit/entry.ts';
import { findBucket } from '../../storage/buckets.ts';
import { ProblemError } from '../../shared/errors.ts';
import type { BucketName } from '../../shared/ids.ts';
import type { ConsoleDeps } from '../console-deps.ts';
import { actorOfCaller, claimedActor } from './actor.ts';
import { type AuditKind, auditKindOf } from './audit-rule.ts';
import { noteRefusal } from './note-refusal.ts';
import { type Named, resourceFor } from './resource.ts';

/** What the hooks learn of a request on its way. */
export type AuditNotes = {
  /** set by routes that sign somebody in or out, who is no caller yet or not any more */
  actor: AuditActor | null;
  /** of the answer, for what it made; never stored itself */
  made: Named;
  code: string | null;
  error: unknown;
  isRecorded: boolean;
};

declare module 'fastify' {
  interface FastifyRequest {
    auditNotes: AuditNotes | null;
  }
}

export function notesOf(request: FastifyRequest): AuditNotes {
  request.auditNotes ??= { actor: null, made: {}, code: null, error: null, isRecorded: false };
  return request.auditNotes;
}

/** For routes without a session: who has just proved who it is, or for whom something was tried. */
export function noteActor(request: FastifyRequest, actor: AuditActor): void {
  notesOf(request).actor = actor;
}

const named = (value: unknown): Named => (typeof value === 'object' && value !== null ? (value as Named) : {});

export const noteError: onErrorAsyncHookHandler = async (request, _reply, error) => {
  notesOf(request).error = error;
};

export const noteAnswer: preSerializationAsyncHookHandler = async (request, reply, payload) => {
  const notes = notesOf(request);
  const answer = named(payload);
  if (reply.statusCode >= 400) notes.code = typeof answer['code'] === 'string' ? answer['code'] : null;
  else if (reply.statusCode === 201) notes.made = answer;
  return payload;
};

const kindOf = ({ method, routeOptions }: FastifyRequest): AuditKind =>
  auditKindOf({ method, url: routeOptions.url ?? '', audit: routeOptions.config.audit });

export const recordChange =
  (deps: ConsoleDeps): onSendAsyncHookHandler =>
  async (request, reply, payload) => {
    const kind = kindOf(request);
    const notes = notesOf(request);
    if (notes.isRecorded || kind.access === 'read' || kind.category === 'data') return payload;
    notes.isRecorded = true;
    try {
      await deps.audit.record(await entryOf(deps, request, reply, kind));
    } catch (cause) {
      reply.removeHeader('set-cookie');
      const message = 'This was done, but it could not be written into the audit trail yet. Look whether it holds.';
      throw new ProblemError(503, 'audit-unavailable', message, { cause });
    }
    return payload;
  };

export const recordRest =
  (deps: ConsoleDeps): onResponseAsyncHookHandler =>
  async (request, reply) => {
    const kind = kindOf(request);
    const notes = notesOf(request);
    if (reply.statusCode === 403) noteRefusal(deps, await entryOf(deps, request, reply, kind), request, notes.error);
    if (notes.isRecorded) return;
    notes.isRecorded = true;
    if (kind.category !== 'data') return deps.audit.note(await entryOf(deps, request, reply, kind));
    const { projectId, bucket: name } = named(request.params);
    const bucket =
      request.meteredBucket ?? (typeof name === 'string' ? await bucketNamed(deps, projectId, name) : null);
    if (bucket === null || !wantsData(bucket, kind.access)) return;
    const entry = await entryOf(deps, request, reply, kind);
    const accounts = trailsOf(bucket.accountId, ...entry.accounts);
    deps.audit.note({ ...entry, accounts, region: bucket.region, projectId: bucket.projectId });
  };

/** Regions may have buckets of one name: the project's comes first. */
async function bucketNamed({ storage, identity }: ConsoleDeps, projectId: unknown, name: string) {
  const lookUps = identity.regionNames.map((region) => findBucket({ ...storage, region }, name as BucketName));
  const found = (await Promise.all(lookUps)).filter((bucket) => bucket !== undefined);
  return found.find((bucket) => bucket.projectId === projectId) ?? found[0] ?? null;
}

async function entryOf(
  deps: ConsoleDeps,
  request: FastifyRequest,
  reply: FastifyReply,
  { operation, category, access }: AuditKind,
): Promise<AuditEntry> {
  const { caller, routeOptions, params, query, body } = request;
  const notes = notesOf(request);
  const who = notes.actor ?? (caller === null ? await claimedActor(deps, body) : actorOfCaller(caller));
  const rule = routeOptions.config.access;
  const resource = resourceFor({
    url: routeOptions.url ?? '',
    params: named(params),
    query: named(query),
    body: named(body),
    made: notes.made,
    accountId: who.accountId ?? null,
  });
  const { statusCode } = reply;
  return {
    at: deps.identity.clock(),
    operation,
    action: typeof rule === 'object' ? rule.action : null,
    category,
    access,
    channel: (caller?.bearer ?? null) === null ? 'console' : 'api',
    who,
    accounts: trailsOf(who.accountId, caller?.impersonator?.accountId),
    ...resource,
    outcome: outcomeOf(statusCode, notes.code),
    status: statusCode,
    code: notes.code,
    requestId: request.id,
    address: request.ip,
    userAgent: request.headers['user-agent'] ?? '',
    ...(category === 'sign-in' ? {} : detailsOf(body)),
  };
}

function detailsOf(body: unknown): Pick<AuditEntry, 'details'> {
  const details = harmlessDetails(named(body));
  return Object.keys(details).length === 0 ? {} : { details };
}
