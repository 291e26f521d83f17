// S3 keys of a project. One's own are everybody's to list, make, change and delete unless a policy denies it; others'
// need a right. The secret is in the answer to POST and nowhere else.
import { refOf } from '../../access/principal.ts';
import type { FastifyRequest } from 'fastify';
import { createS3Key, deleteS3Keys, findS3Key, listS3Keys, type S3Key, updateS3Key } from '../../identity/s3-keys.ts';
import type { IdentityRef } from '../../metadata/tables/identities.ts';
import { ProblemError } from '../../shared/errors.ts';
import type { S3KeyId, ServiceAccountId } from '../../shared/ids.ts';
import { nothing, refusals } from '../answers.ts';
import { type Caller, callerOf, demand, isSame, may } from '../caller.ts';
import type { Api, ConsoleDeps } from '../console-deps.ts';
import {
  createdS3Key,
  createS3KeyRequest,
  type DeleteManyResult,
  deleteManyRequest,
  deleteManyResult,
  pageQuery,
  projectParams,
  type S3KeyList,
  s3KeyList,
  s3KeyParams,
  s3KeyView as s3KeyViewSchema,
  updateS3KeyRequest,
} from '../contract.ts';
import { newestFirst, type PageQuery, paginate } from '../paging.ts';
import { projectOf } from '../projects-of.ts';
import { s3KeyView } from '../views/s3-key-view.ts';

const tags = ['S3 keys'];
const access = 'signed-in';

type Visible = { readonly all: boolean; readonly ofAccount: readonly S3Key[]; readonly visible: readonly S3Key[] };

/** The keys of the project that the caller may see. */
export async function visibleKeys(deps: ConsoleDeps, caller: Caller, projectId: string): Promise<Visible> {
  const all = may(caller, 'vstorage:ListS3Key', projectId);
  if (!all) demand(caller, 'vstorage:ListOwnS3Key', projectId);
  const { accountId } = caller.identity;
  const ofAccount = await listS3Keys(deps.identity, { accountId });
  const self = refOf(caller.identity);
  const visible = ofAccount.filter((key) => key.projectId === projectId && (all || isSame(key.owner, self)));
  return { all, ofAccount, visible };
}

async function listKeys(deps: ConsoleDeps, caller: Caller, projectId: string, query: PageQuery): Promise<S3KeyList> {
  const { all, ofAccount, visible } = await visibleKeys(deps, caller, projectId);
  const { items, nextCursor } = paginate(visible, ({ createdAt, id }) => newestFirst(createdAt, id), query);
  const now = deps.identity.clock();
  return {
    items: items.map((key) => s3KeyView(key, caller, now)),
    nextCursor,
    scope: all ? 'all' : 'own',
    limit: {
      used: ofAccount.filter(({ rotation }) => rotation === null).length,
      max: deps.identity.limits['keys-per-account'],
    },
  };
}

const parseTime = (text: string | null): number | null => (text === null ? null : Date.parse(text));

/** The key, if the caller may do `verb` to it: with its own keys by the right to those, with others' by the wider one. */
export async function keyFor(
  deps: ConsoleDeps,
  caller: Caller,
  { projectId, id }: { projectId: string; id: string },
  verb: 'Update' | 'Delete',
): Promise<S3Key> {
  const key = await findS3Key(deps.identity, caller.identity.accountId, id as S3KeyId);
  if (key === undefined || key.projectId !== projectId) {
    throw new ProblemError(
      404,
      'no-such-s3-key',
      'The project has no S3 key of this id. The id is a UUID, not the access key.',
    );
  }
  const own = isSame(key.owner, refOf(caller.identity));
  demand(caller, own ? `vstorage:${verb}OwnS3Key` : `vstorage:${verb}S3Key`, projectId);
  return key;
}

export function s3KeyListRoutes(api: Api, deps: ConsoleDeps): void {
  const { clock } = deps.identity;
  api.get(
    '/projects/:projectId/s3-keys',
    {
      config: { access, audit: 'ListS3Keys' },
      schema: {
        tags,
        summary: 'The S3 keys of the project: all, or the caller’s own without vstorage:ListS3Key',
        params: projectParams,
        querystring: pageQuery,
        response: { 200: s3KeyList, ...refusals },
      },
    },
    async (request) => {
      const caller = callerOf(request);
      const { projectId } = await projectOf(deps, caller.identity.accountId, request.params.projectId);
      return await listKeys(deps, caller, projectId, request.query);
    },
  );
  api.post(
    '/projects/:projectId/s3-keys',
    {
      config: { access, audit: 'CreateS3Key' },
      schema: {
        tags,
        summary: 'Make an S3 key with the caller’s rights, or a service account’s; the secret is in this answer only',
        params: projectParams,
        body: createS3KeyRequest,
        response: { 201: createdS3Key, ...refusals },
      },
    },
    async (request, reply) => {
      const caller = callerOf(request);
      const { accountId } = caller.identity;
      const { description = '', expiresAt = null, restriction = null, serviceAccountId } = request.body;
      if (serviceAccountId === undefined) demand(caller, 'vstorage:CreateOwnS3Key', request.params.projectId);
      else demand(caller, 'vstorage:AttachS3Key', serviceAccountId);
      const { projectId } = await projectOf(deps, accountId, request.params.projectId);
      const { record, secretKey } = await createS3Key(deps.identity, {
        accountId,
        projectId,
        creator: creatorOf(caller, serviceAccountId),
        description,
        expiresAt: parseTime(expiresAt),
        restriction,
      });
      return await reply.code(201).send({ ...s3KeyView(record, caller, clock()), secretKey });
    },
  );
}

function creatorOf({ identity }: Caller, serviceAccountId: string | undefined): IdentityRef {
  if (serviceAccountId === undefined) return refOf(identity);
  return { type: 'service-account', serviceAccountId: serviceAccountId as ServiceAccountId };
}

async function deleteOne(deps: ConsoleDeps, caller: Caller, projectId: string, id: string): Promise<void> {
  const key = await keyFor(deps, caller, { projectId, id }, 'Delete');
  await deleteS3Keys(deps.identity, { accountId: caller.identity.accountId, ids: [key.id] });
}

type DeleteResult = DeleteManyResult['results'][number];

async function tryDelete(
  deps: ConsoleDeps,
  request: FastifyRequest,
  projectId: string,
  id: string,
): Promise<DeleteResult> {
  try {
    await deleteOne(deps, callerOf(request), projectId, id);
    return { id, deleted: true };
  } catch (error) {
    if (!(error instanceof ProblemError)) throw error;
    return { id, deleted: false, code: error.code, detail: error.message };
  }
}

export function s3KeyRoutes(api: Api, deps: ConsoleDeps): void {
  const { clock } = deps.identity;
  api.post(
    '/projects/:projectId/s3-keys/delete',
    {
      config: { access, audit: 'DeleteS3Keys' },
      schema: {
        tags,
        summary: 'Delete one or more S3 keys, effective at once; one result per id',
        params: projectParams,
        body: deleteManyRequest,
        response: { 200: deleteManyResult, ...refusals },
      },
    },
    async (request) => {
      const { projectId } = await projectOf(deps, callerOf(request).identity.accountId, request.params.projectId);
      const results: DeleteResult[] = [];
      for (const id of new Set(request.body.ids)) results.push(await tryDelete(deps, request, projectId, id));
      return { results };
    },
  );
  api.patch(
    '/projects/:projectId/s3-keys/:id',
    {
      config: { access, audit: 'UpdateS3Key' },
      schema: {
        tags,
        summary: 'Enable, disable, describe, expire or restrict an S3 key',
        params: s3KeyParams,
        body: updateS3KeyRequest,
        response: { 200: s3KeyViewSchema, ...refusals },
      },
    },
    async (request) => {
      const caller = callerOf(request);
      const { id } = await keyFor(deps, caller, request.params, 'Update');
      const { status, description, expiresAt, restriction } = request.body;
      const changed = await updateS3Key(deps.identity, {
        accountId: caller.identity.accountId,
        id,
        status,
        description,
        expiresAt: expiresAt === undefined ? undefined : parseTime(expiresAt),
        restriction,
      });
      return s3KeyView(changed, caller, clock());
    },
  );
  api.delete(
    '/projects/:projectId/s3-keys/:id',
    {
      config: { access, audit: 'DeleteS3Key' },
      schema: {
        tags,
        summary: 'Delete an S3 key, effective at once',
        params: s3KeyParams,
        response: { 204: nothing, ...refusals },
      },
    },
    async (request, reply) => {
      await deleteOne(deps, callerOf(request), request.params.projectId, request.params.id);
      return await reply.code(204).send(null);
    },
  );
}
