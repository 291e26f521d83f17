// The policy of a bucket: shown and kept as it was written, checked before it is set.
import { decide } from '../../access/decide.ts';
import { bucketAccessOf } from '../../access/bucket-access.ts';
import { UnknownPrincipalError } from '../../access/named-identities.ts';
import { askOf } from '../../access/s3-actor.ts';
import {
  checkPrincipals,
  refusePublicPolicy,
  removeBucketPolicy,
  setBucketPolicy,
} from '../../access/set-bucket-policy.ts';
import { parseBucketPolicy } from '../../policy/bucket-policy.ts';
import { MalformedPolicyError } from '../../policy/malformed-policy.ts';
import type { Policy } from '../../policy/policy.ts';
import { isPublicPolicy } from '../../policy/public.ts';
import { ProblemError, S3Error } from '../../shared/errors.ts';
import { configurationsOf, readConfiguration } from '../../storage/bucket-configurations.ts';
import { nothing, refusals } from '../answers.ts';
import type { Api, ConsoleDeps } from '../console-deps.ts';
import {
  type BucketPolicyCheck,
  bucketPolicyCheck,
  bucketPolicyRequest,
  bucketPolicyView,
} from '../contract/bucket-access.ts';
import { bucketParams } from '../contract/buckets.ts';
import { type BucketScope, bucketScope } from '../objects/bucket-scope.ts';

const tags = ['Bucket settings'];
const access = 'signed-in';
const url = '/projects/:projectId/buckets/:bucket/policy';
const MAX_BODY_BYTES = 512 * 1024;

function asProblem(error: unknown): unknown {
  if (!(error instanceof UnknownPrincipalError)) return error;
  const message = `The policy names ${JSON.stringify(error.written)}, and there is nobody of this name.`;
  return new ProblemError(400, 'unknown-principal', message, { field: 'document' });
}

const accessOf = async ({ storage, bucket }: BucketScope) =>
  bucketAccessOf(bucket, await configurationsOf(storage, bucket));

async function view({ storage, bucket }: BucketScope) {
  const set = await readConfiguration(storage, bucket, 'policy');
  if (set === null) return { document: null, isPublic: false };
  return { document: set.document, isPublic: isPublicDocument(set.document, bucket.name) };
}

function isPublicDocument(document: string, bucket: string): boolean {
  try {
    return isPublicPolicy(parseBucketPolicy(document, bucket));
  } catch {
    // what was accepted once and cannot be read any more denies everything
    return false;
  }
}

/** What the caller can do now and would not be able to do with this policy. */
async function lockedOut(scope: BucketScope, policy: Policy): Promise<string[]> {
  const { actor, bucket } = scope;
  const before = await accessOf(scope);
  const after = {
    ...before,
    policy: { policy, users: {}, isPublic: isPublicPolicy(policy), readsTags: false },
  };
  const { accountId, ownerCanonicalId, projectId } = bucket;
  const resource = { accountId, ownerCanonicalId, projectId, projectTrashed: false, access: after, object: null };
  const principal = { kind: 'session', identity: actor.identity } as const;
  const actions = [
    ['s3:ListBucket', ''],
    ['s3:GetObject', '/any object'],
    ['s3:PutObject', '/any object'],
    ['s3:DeleteObject', '/any object'],
    ['s3:PutBucketPolicy', ''],
  ] as const;
  return actions.flatMap(([action, key]) => {
    const question = { action, resource: `arn:aws:s3:::${bucket.name}${key}`, context: new Map<string, string>() };
    return decide(principal, question, resource).kind === 'deny' ? [action] : [];
  });
}

async function check(scope: BucketScope, document: string): Promise<BucketPolicyCheck> {
  try {
    const policy = parseBucketPolicy(document, scope.bucket.name);
    refusePublicPolicy(await accessOf(scope), policy);
    await checkPrincipals(scope.storage, policy);
    return { problem: null, isPublic: isPublicPolicy(policy), locksOut: await lockedOut(scope, policy) };
  } catch (caught) {
    const error = asProblem(caught);
    const isRefusal =
      error instanceof MalformedPolicyError || error instanceof ProblemError || error instanceof S3Error;
    if (!isRefusal) throw error;
    const place = error instanceof MalformedPolicyError ? { line: error.line, column: error.column } : null;
    const problem = { message: error.message, line: place?.line ?? null, column: place?.column ?? null };
    return { problem, isPublic: false, locksOut: [] };
  }
}

export function bucketPolicyRoutes(api: Api, deps: ConsoleDeps): void {
  const response = { 200: bucketPolicyView, ...refusals };
  api.get(
    url,
    {
      config: { access, audit: 'GetBucketPolicy' },
      schema: { tags, summary: 'The policy of the bucket', params: bucketParams, response },
    },
    async (request) => {
      const scope = await bucketScope(deps, request, { operation: 'GetBucketPolicy' });
      await scope.actor.demand(askOf('s3:GetBucketPolicy', scope.bucket));
      return await view(scope);
    },
  );
  api.put(
    url,
    {
      bodyLimit: MAX_BODY_BYTES,
      config: { access, audit: 'PutBucketPolicy' },
      schema: { tags, summary: 'Set the policy', params: bucketParams, body: bucketPolicyRequest, response },
    },
    async (request) => {
      const scope = await bucketScope(deps, request, { operation: 'PutBucketPolicy' });
      const { actor, bucket, storage } = scope;
      const ask = askOf('s3:PutBucketPolicy', bucket);
      await actor.demand(ask);
      const { document } = request.body;
      const policy = parseBucketPolicy(document, bucket.name);
      refusePublicPolicy(await accessOf(scope), policy);
      try {
        await setBucketPolicy(storage, { bucket, document, policy, guard: actor.guard(ask) });
      } catch (error) {
        throw asProblem(error);
      }
      return await view(scope);
    },
  );
  api.delete(
    url,
    {
      config: { access, audit: 'DeleteBucketPolicy' },
      schema: { tags, summary: 'Take the policy away', params: bucketParams, response: { 204: nothing, ...refusals } },
    },
    async (request, reply) => {
      const { actor, bucket, storage } = await bucketScope(deps, request, { operation: 'DeleteBucketPolicy' });
      const ask = askOf('s3:DeleteBucketPolicy', bucket);
      await actor.demand(ask);
      await removeBucketPolicy(storage, { bucket, guard: actor.guard(ask) });
      return await reply.code(204).send(null);
    },
  );
  api.post(
    `${url}/check`,
    {
      bodyLimit: MAX_BODY_BYTES,
      config: { access, audit: { operation: 'CheckBucketPolicy', access: 'read' } },
      schema: {
        tags,
        summary: 'What would come of setting this policy; changes nothing',
        params: bucketParams,
        body: bucketPolicyRequest,
        response: { 200: bucketPolicyCheck, ...refusals },
      },
    },
    async (request) => {
      const scope = await bucketScope(deps, request, { operation: 'GetBucketPolicy' });
      await scope.actor.demand(askOf('s3:GetBucketPolicy', scope.bucket));
      return await check(scope, request.body.document);
    },
  );
}
