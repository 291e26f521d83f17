// "Test connection": the console waits for a key's next request and is told what came of it, or why it was refused.
import { setTimeout as sleep } from 'node:timers/promises';
import type { FastifyReply } from 'fastify';
import { findRefusal, listRefusals } from '../../explain/read-refusals.ts';
import type { RefusalRecord } from '../../explain/refusal.ts';
import type { S3Key } from '../../identity/s3-keys.ts';
import { readLatestUse, watchKey } from '../../identity/watch-key.ts';
import type { S3KeyUseRecord } from '../../metadata/tables/identities.ts';
import { ProblemError } from '../../shared/errors.ts';
import { refusals } from '../answers.ts';
import { type Caller, callerOf } from '../caller.ts';
import type { Api, ConsoleDeps } from '../console-deps.ts';
import { s3KeyParams } from '../contract.ts';
import { arrivalAnswer, arrivalQuery, type ArrivalView, keyWatch } from '../contract/connection-test.ts';
import { isoTime } from '../views/times.ts';
import { visibleKeys } from './s3-keys.ts';

const tags = ['Connections'];
const access = 'signed-in';
const LOOK_EVERY_MS = 500;
/** Refusals are explained and kept in batches, some time after the answer. */
const EXPLAINED_AFTER_MS = 1500;

export function connectionTestRoutes(api: Api, deps: ConsoleDeps): void {
  api.post(
    '/projects/:projectId/s3-keys/:id/watch',
    {
      config: { access, audit: 'WatchS3Key' },
      schema: {
        tags,
        summary: 'Note every request of the key for ten minutes, for the one who waits for it',
        params: s3KeyParams,
        response: { 200: keyWatch, ...refusals },
      },
    },
    async (request) => {
      const caller = callerOf(request);
      const key = await visibleKey(deps, caller, request.params);
      const { since, until } = await watchKey(deps.identity, caller.identity.accountId, key.id);
      return { since: isoTime(since), until: isoTime(until) };
    },
  );
  api.get(
    '/projects/:projectId/s3-keys/:id/arrival',
    {
      config: { access, audit: 'GetS3KeyArrival' },
      schema: {
        tags,
        summary: 'The latest request of a watched key since a time; waits for one to come',
        params: s3KeyParams,
        querystring: arrivalQuery,
        response: { 200: arrivalAnswer, ...refusals },
      },
    },
    async (request, reply) => {
      const key = await visibleKey(deps, callerOf(request), request.params);
      const { since, waitSeconds } = request.query;
      return { arrival: await waitForArrival(deps, key, Date.parse(since), goneOrAfter(reply, waitSeconds * 1000)) };
    },
  );
}

async function visibleKey(
  deps: ConsoleDeps,
  caller: Caller,
  { projectId, id }: { projectId: string; id: string },
): Promise<S3Key> {
  const { visible } = await visibleKeys(deps, caller, projectId);
  const key = visible.find((one) => one.id === id);
  if (key !== undefined) return key;
  throw new ProblemError(404, 'no-such-s3-key', 'The project has no S3 key of this id, or it is not yours to see.');
}

/** Nobody listens any more, or has listened long enough. */
function goneOrAfter({ raw }: FastifyReply, waitMs: number): AbortSignal {
  const gone = new AbortController();
  raw.once('close', () => gone.abort());
  return AbortSignal.any([gone.signal, AbortSignal.timeout(waitMs)]);
}

async function waitForArrival(
  deps: ConsoleDeps,
  key: S3Key,
  since: number,
  enough: AbortSignal,
): Promise<ArrivalView | null> {
  for (;;) {
    const found = await findArrival(deps, key, since);
    if (found !== null || enough.aborted) return found;
    await sleep(LOOK_EVERY_MS, undefined, { signal: enough }).catch(() => undefined);
  }
}

/** The later of: what the key was used for, and what was refused before it was known who asks. */
async function findArrival({ identity }: ConsoleDeps, key: S3Key, since: number): Promise<ArrivalView | null> {
  const { store, clock } = identity;
  const [use, refused] = await Promise.all([readLatestUse(identity, key.accessKey), latestRefusal(store, key, since)]);
  if (use !== null && use.at > since && use.at >= (refused?.at ?? 0)) {
    const { requestId, status } = use.request;
    const explained = status === 403 ? await findRefusal({ store }, requestId) : undefined;
    const isExplainedYet = status !== 403 || explained !== undefined || clock() - use.at > EXPLAINED_AFTER_MS;
    if (isExplainedYet) return viewUse(use, explained);
  }
  return refused === undefined ? null : viewRefusal(refused);
}

async function latestRefusal(
  store: ConsoleDeps['identity']['store'],
  { accountId, accessKey }: S3Key,
  since: number,
): Promise<RefusalRecord | undefined> {
  const matches = (record: RefusalRecord): boolean =>
    record.channel === 's3' && record.who.accessKey === accessKey && record.at > since;
  const { records } = await listRefusals({ store }, { accountId, limit: 1, before: null, notBefore: since, matches });
  return records[0];
}

function viewUse(use: Required<S3KeyUseRecord>, explained: RefusalRecord | undefined): ArrivalView {
  const { at, clientAddress: address, request } = use;
  return { time: isoTime(at), address, ...request, ...whyOf(explained) };
}

function viewRefusal(record: RefusalRecord): ArrivalView {
  const { requestId, at, operation, status, code, address, userAgent } = record;
  return { requestId, time: isoTime(at), operation, status, code, address, userAgent, ...whyOf(record) };
}

function whyOf(record: RefusalRecord | undefined): Pick<ArrivalView, 'cause' | 'facts' | 'nextSteps'> {
  if (record === undefined) return { cause: null, facts: {}, nextSteps: [] };
  const { cause, facts, nextSteps } = record.explanation;
  return { cause, facts: { ...facts }, nextSteps: [...nextSteps] };
}
