// Why a request was refused: for whoever was refused, and for those who may know of everybody in the account.
import { uniqueIdOf } from '../../access/principal.ts';
import { REFUSAL_DAYS, REFUSALS_PER_ACCOUNT } from '../../explain/purge-refusals.ts';
import { findRefusal, listRefusals, type RefusalPlace } from '../../explain/read-refusals.ts';
import type { RefusalRecord } from '../../explain/refusal.ts';
import { viewOwnRefusal } from '../../explain/view.ts';
import { ProblemError } from '../../shared/errors.ts';
import { refusals as refusalAnswers } from '../answers.ts';
import { type Caller, callerOf, may } from '../caller.ts';
import type { Api, ConsoleDeps } from '../console-deps.ts';
import {
  refusalPage,
  type RefusalPageView,
  refusalParams,
  refusalsQuery,
  type RefusalSummary,
  refusalView,
  type RefusalView,
} from '../contract/refusals.ts';
import { decodeCursor, encodeCursor } from '../paging.ts';

const tags = ['Audit'];

const isOwn = ({ who }: RefusalRecord, { identity }: Caller): boolean => who.id === uniqueIdOf(identity);
const mayKnowAll = (caller: Caller): boolean => may(caller, 'vstorage:ExplainRefusal', '*');

export function refusalRoutes(api: Api, deps: ConsoleDeps): void {
  const { store } = deps.identity;
  api.get(
    '/refusals',
    {
      config: { access: 'signed-in', audit: 'ListRefusals' },
      schema: {
        tags,
        summary:
          'Refused requests of the last days, newest first: all, or the caller’s own without vstorage:ExplainRefusal',
        querystring: refusalsQuery,
        response: { 200: refusalPage, ...refusalAnswers },
      },
    },
    async (request): Promise<RefusalPageView> => {
      const caller = callerOf(request);
      const all = mayKnowAll(caller);
      const { code, cause, accessKey, cursor, limit } = request.query;
      const [codes, causes] = [listOf(code), listOf(cause)];
      const matches = (record: RefusalRecord): boolean =>
        (all || isOwn(record, caller)) &&
        (codes === null || codes.includes(record.code)) &&
        (causes === null || causes.includes(record.explanation.cause)) &&
        (accessKey === undefined || record.who.accessKey === accessKey);
      const before = cursor === undefined ? null : readPlace(cursor);
      const { accountId } = caller.identity;
      const { records, next } = await listRefusals({ store }, { accountId, limit, before, matches });
      return {
        items: records.map(summaryOf),
        nextCursor: next === null ? null : encodeCursor(`${next.at} ${next.requestId}`),
        scope: all ? 'all' : 'own',
        keptDays: REFUSAL_DAYS,
        keptPerAccount: REFUSALS_PER_ACCOUNT,
      };
    },
  );
  api.get(
    '/refusals/:requestId',
    {
      config: { access: 'signed-in', audit: 'ExplainRefusal' },
      schema: {
        tags,
        summary: 'Why one request was refused, and what to do about it',
        params: refusalParams,
        response: { 200: refusalView, ...refusalAnswers },
      },
    },
    async (request): Promise<RefusalView> => {
      const caller = callerOf(request);
      const record = await findRefusal({ store }, request.params.requestId);
      const all = mayKnowAll(caller);
      if (record === undefined || record.accountId !== caller.identity.accountId || !(all || isOwn(record, caller))) {
        const message =
          'No refused request of this account has this id. It may be too old, of somebody else, or one of too many at once.';
        throw new ProblemError(404, 'no-such-refusal', message);
      }
      const shown = all ? record : viewOwnRefusal(record);
      const { decision, signature } = shown.explanation;
      return { ...summaryOf(shown), decision, signature } as RefusalView;
    },
  );
}

const listOf = (text: string | undefined): readonly string[] | null =>
  text === undefined || text === '' ? null : text.split(',').map((value) => value.trim());

function readPlace(cursor: string): RefusalPlace {
  const [, at, requestId] = /^(\d{1,15}) ([0-9A-F]{16})$/.exec(decodeCursor(cursor)) ?? [];
  if (at !== undefined && requestId !== undefined) return { at: Number(at), requestId };
  const message = 'This cursor is not one that the server made. Start from the first page.';
  throw new ProblemError(400, 'invalid-cursor', message, { field: 'cursor' });
}

function summaryOf(record: RefusalRecord): RefusalSummary {
  const { requestId, at, who, channel, operation, method, resource, status, code, message, address, userAgent } =
    record;
  const { cause, facts, nextSteps } = record.explanation;
  return {
    requestId,
    time: new Date(at).toISOString(),
    who,
    channel,
    operation,
    method,
    resource,
    status,
    code,
    message,
    address,
    userAgent,
    cause,
    facts: { ...facts },
    nextSteps: [...nextSteps],
  };
}
