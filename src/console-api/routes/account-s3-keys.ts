// S3 keys of all projects at once: who may see everybody's keys of a project sees them here, others their own.
import { refOf } from '../../access/principal.ts';
import { credentialReport } from '../../identity/credential-report.ts';
import { deleteS3Keys, findS3Key, listS3Keys, type S3Key, updateS3Key } from '../../identity/s3-keys.ts';
import { listProjects } from '../../projects/projects.ts';
import { ProblemError } from '../../shared/errors.ts';
import type { S3KeyId } from '../../shared/ids.ts';
import { refusals, textFile } from '../answers.ts';
import { type Caller, callerOf, isSame, may } from '../caller.ts';
import type { Api, ConsoleDeps } from '../console-deps.ts';
import { deleteManyRequest, deleteManyResult } from '../contract.ts';
import {
  accountKeysQuery,
  accountS3KeyList,
  type AccountS3KeyList,
  type SetKeyStatusResult,
  setKeyStatusRequest,
  setKeyStatusResult,
} from '../contract/account-keys.ts';
import { deleteEach } from '../delete-each.ts';
import { newestFirst, paginate } from '../paging.ts';
import { s3KeyView } from '../views/s3-key-view.ts';
import { attachment } from './attachment.ts';
import { keyFor } from './s3-keys.ts';

const tags = ['S3 keys'];
const access = 'signed-in';

type Seen = { readonly ofAccount: readonly S3Key[]; readonly visible: readonly S3Key[]; readonly all: boolean };

async function seenBy(deps: ConsoleDeps, caller: Caller): Promise<Seen> {
  const ofAccount = await listS3Keys(deps.identity, { accountId: caller.identity.accountId });
  const self = refOf(caller.identity);
  const mayList = new Map<string, 'all' | 'own' | 'none'>();
  const reach = (projectId: string): 'all' | 'own' | 'none' => {
    const known = mayList.get(projectId);
    if (known !== undefined) return known;
    const found = may(caller, 'vstorage:ListS3Key', projectId)
      ? 'all'
      : may(caller, 'vstorage:ListOwnS3Key', projectId)
        ? 'own'
        : 'none';
    mayList.set(projectId, found);
    return found;
  };
  const visible = ofAccount.filter((key) => {
    const what = reach(key.projectId);
    return what === 'all' || (what === 'own' && isSame(key.owner, self));
  });
  return { ofAccount, visible, all: visible.length === ofAccount.length && may(caller, 'vstorage:ListS3Key', '*') };
}

/** The key wherever it is, if the caller may do `verb` to it. */
async function anyKeyFor(deps: ConsoleDeps, caller: Caller, id: string, verb: 'Update' | 'Delete'): Promise<S3Key> {
  const key = await findS3Key(deps.identity, caller.identity.accountId, id as S3KeyId);
  if (key === undefined) throw new ProblemError(404, 'no-such-s3-key', 'The account has no S3 key of this id.');
  return keyFor(deps, caller, { projectId: key.projectId, id }, verb);
}

export function accountS3KeyRoutes(api: Api, deps: ConsoleDeps): void {
  listRoutes(api, deps);
  changeRoutes(api, deps);
}

function listRoutes(api: Api, deps: ConsoleDeps): void {
  api.get(
    '/s3-keys',
    {
      config: { access, audit: 'ListAccountS3Keys' },
      schema: {
        tags,
        summary: 'The S3 keys of all projects that the caller may see, newest first',
        querystring: accountKeysQuery,
        response: { 200: accountS3KeyList, ...refusals },
      },
    },
    async (request): Promise<AccountS3KeyList> => {
      const caller = callerOf(request);
      const { ofAccount, visible, all } = await seenBy(deps, caller);
      const projects = await listProjects(deps.identity, caller.identity.accountId);
      const names = new Map<string, string>(projects.map(({ projectId, name }) => [projectId, name]));
      const search = (request.query.search ?? '').toLowerCase();
      const matching = visible.filter(({ accessKey, id, description, creatorName }) =>
        `${accessKey} ${id} ${description} ${creatorName}`.toLowerCase().includes(search),
      );
      const { items, nextCursor } = paginate(matching, (key) => newestFirst(key.createdAt, key.id), request.query);
      const now = deps.identity.clock();
      return {
        items: items.map((key) => ({
          ...s3KeyView(key, caller, now),
          projectName: names.get(key.projectId) ?? key.projectId,
        })),
        nextCursor,
        scope: all ? 'all' : 'own',
        limit: {
          used: ofAccount.filter(({ rotation }) => rotation === null).length,
          max: deps.identity.limits['keys-per-account'],
        },
      };
    },
  );
  api.get(
    '/s3-keys/report.csv',
    {
      config: { access, audit: 'GetAccountCredentialReport' },
      schema: {
        tags,
        summary: 'The credential report of all projects: the keys that the caller may see, as CSV',
        response: { 200: textFile, ...refusals },
      },
    },
    async (request, reply) => {
      const { visible } = await seenBy(deps, callerOf(request));
      const text = credentialReport(visible, deps.identity.clock());
      return await reply.headers(attachment('s3-keys.csv')).type('text/csv; charset=utf-8').send(text);
    },
  );
}

function changeRoutes(api: Api, deps: ConsoleDeps): void {
  api.post(
    '/s3-keys/delete',
    {
      config: { access, audit: 'DeleteAccountS3Keys' },
      schema: {
        tags,
        summary: 'Delete S3 keys of any project, effective at once; one result per id',
        body: deleteManyRequest,
        response: { 200: deleteManyResult, ...refusals },
      },
    },
    async (request) =>
      await deleteEach(request.body.ids, async (id) => {
        const caller = callerOf(request);
        const key = await anyKeyFor(deps, caller, id, 'Delete');
        await deleteS3Keys(deps.identity, { accountId: caller.identity.accountId, ids: [key.id] });
      }),
  );
  api.post(
    '/s3-keys/status',
    {
      config: { access, audit: 'SetS3KeysStatus' },
      schema: {
        tags,
        summary: 'Disable or enable S3 keys of any project, effective at once; one result per id',
        body: setKeyStatusRequest,
        response: { 200: setKeyStatusResult, ...refusals },
      },
    },
    async (request) => {
      const caller = callerOf(request);
      const { ids, status } = request.body;
      const results: SetKeyStatusResult['results'] = [];
      for (const id of new Set(ids)) {
        try {
          const key = await anyKeyFor(deps, caller, id, 'Update');
          await updateS3Key(deps.identity, { accountId: caller.identity.accountId, id: key.id, status });
          results.push({ id, changed: true });
        } catch (error) {
          if (!(error instanceof ProblemError)) throw error;
          results.push({ id, changed: false, code: error.code, detail: error.message });
        }
      }
      return { results };
    },
  );
}
