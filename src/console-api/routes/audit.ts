// The account's audit trail. It cannot be changed by anybody here.
import { Readable } from 'node:stream';
import { exportRecords } from '../../audit/export.ts';
import { readFacets } from '../../audit/facets.ts';
import { decodeAuditCursor, encodeAuditCursor, readFilter } from '../../audit/read-filter.ts';
import { viewRecord } from '../../audit/view.ts';
import { z } from 'zod';
import { refusals } from '../answers.ts';
import { callerOf } from '../caller.ts';
import type { Api, ConsoleDeps } from '../console-deps.ts';
import {
  auditExportQuery,
  auditFacets,
  auditFacetsQuery,
  auditPage,
  type AuditPageView,
  auditQuery,
} from '../contract/audit.ts';
import { attachment } from './attachment.ts';

const tags = ['Audit'];
const access = { action: 'vstorage:ListAuditRecords' } as const;

/** Streamed: there may be millions. */
const jsonLines = {
  description: 'A record a line',
  content: { 'application/x-ndjson': { schema: z.unknown() } },
};

export function auditRoutes(api: Api, deps: ConsoleDeps): void {
  api.get(
    '/audit',
    {
      config: { access, audit: 'ListAuditRecords' },
      schema: {
        tags,
        summary: 'Records of the audit trail, newest first; every condition that is given must hold',
        querystring: auditQuery,
        response: { 200: auditPage, ...refusals },
      },
    },
    async (request): Promise<AuditPageView> => {
      const { accountId } = callerOf(request).identity;
      const { cursor, limit, ...written } = request.query;
      const after = cursor === undefined ? null : decodeAuditCursor(cursor);
      const filter = readFilter(written, accountId);
      const { found, next, total } = await deps.auditSearch.find(filter, { limit, after, count: after === null });
      return {
        items: found.map(({ record }) => viewRecord(record, accountId) as AuditPageView['items'][number]),
        nextCursor: next === null ? null : encodeAuditCursor(next),
        total,
        searchedTo: next === null ? null : new Date(next.at).toISOString(),
      };
    },
  );
  api.get(
    '/audit/facets',
    {
      config: { access, audit: 'ListAuditFacets' },
      schema: {
        tags,
        summary: 'What there is to filter by, with how often it occurs',
        querystring: auditFacetsQuery,
        response: { 200: auditFacets, ...refusals },
      },
    },
    async (request) => {
      const { accountId } = callerOf(request).identity;
      const { from, to } = readFilter(request.query, accountId);
      const question = { accountId, ...(from === undefined ? {} : { from }), ...(to === undefined ? {} : { to }) };
      const { facets, sampledRecords, isWhole } = await readFacets(
        { store: deps.identity.store, search: deps.auditSearch },
        question,
      );
      return { ...facets, sampledRecords, isWhole };
    },
  );
  api.get(
    '/audit/export',
    {
      config: { access, audit: 'ExportAuditRecords' },
      schema: {
        tags,
        summary: 'The same records as JSON lines, all of them, newest first',
        querystring: auditExportQuery,
        response: { 200: jsonLines, ...refusals },
      },
    },
    async (request, reply) => {
      const { accountId } = callerOf(request).identity;
      const filter = readFilter(request.query, accountId);
      const lines = async function* (): AsyncGenerator<string> {
        for await (const { line, record } of exportRecords(deps.auditSearch, filter)) {
          const shown = viewRecord(record, accountId);
          yield `${shown === record ? line : JSON.stringify(shown)}\n`;
        }
      };
      const day = new Date(deps.identity.clock()).toISOString().slice(0, 10);
      return await reply
        .headers(attachment(`audit-${day}.jsonl`))
        .type('application/x-ndjson; charset=utf-8')
        .send(Readable.from(lines()));
    },
  );
}
