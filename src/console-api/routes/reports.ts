// Reports over the projects whose quota and usage the caller may see.
import type { FastifyRequest } from 'fastify';
import type { z } from 'zod';
import type { ProjectRecord } from '../../metadata/tables/identities.ts';
import { listProjects } from '../../projects/projects.ts';
import { buildReport } from '../../reports/build-report.ts';
import type { ReportQuestion } from '../../reports/report.ts';
import { refusals, textFile } from '../answers.ts';
import { callerOf, demand, may } from '../caller.ts';
import type { Api, ConsoleDeps } from '../console-deps.ts';
import { type ReportKind, reportParams, reportQuery, reportView as reportAnswer } from '../contract/reports.ts';
import { projectOf } from '../projects-of.ts';
import { reportCsv, reportView } from '../views/report-view.ts';
import { attachment } from './attachment.ts';

const DEFAULT_RANGE_MS = 30 * 24 * 3_600_000;

type Query = z.infer<typeof reportQuery>;

/** What the caller may not see is left out, unless it was asked for by name. */
async function projectsFor(deps: ConsoleDeps, request: FastifyRequest, query: Query): Promise<ProjectRecord[]> {
  const caller = callerOf(request);
  const { accountId } = caller.identity;
  if (query.projectId !== undefined) {
    demand(caller, 'vstorage:GetProject', query.projectId);
    return [await projectOf(deps, accountId, query.projectId)];
  }
  const all = await listProjects(deps.identity, accountId);
  return all.filter(
    (project) =>
      (query.region === undefined || project.region.toLowerCase() === query.region.toLowerCase()) &&
      (query.class === undefined || project.class === query.class) &&
      may(caller, 'vstorage:GetProject', project.projectId),
  );
}

async function questionOf(
  deps: ConsoleDeps,
  request: FastifyRequest,
  kind: ReportKind,
  query: Query,
): Promise<ReportQuestion> {
  const to = query.to === undefined ? deps.identity.clock() : Date.parse(query.to);
  const from = query.from === undefined ? to - DEFAULT_RANGE_MS : Date.parse(query.from);
  const { step, by, utcOffsetHours, bucket = null } = query;
  return { kind, step, by, from, to, utcOffsetHours, bucket, projects: await projectsFor(deps, request, query) };
}

const asked = { tags: ['Reports'], params: reportParams, querystring: reportQuery };

export function reportRoutes(api: Api, deps: ConsoleDeps): void {
  api.get(
    '/reports/:kind',
    {
      config: { access: 'signed-in', audit: 'GetReport' },
      schema: {
        ...asked,
        summary: 'Usage, quota, traffic or requests over time, of the projects that the caller may see',
        response: { 200: reportAnswer, ...refusals },
      },
    },
    async (request) => {
      const question = await questionOf(deps, request, request.params.kind, request.query);
      return reportView(await buildReport(deps.identity, question), question);
    },
  );
  api.get(
    '/reports/:kind/report.csv',
    {
      config: { access: 'signed-in', audit: 'ExportReport' },
      schema: { ...asked, summary: 'The same report as CSV', response: { 200: textFile, ...refusals } },
    },
    async (request, reply) => {
      const { kind } = request.params;
      const question = await questionOf(deps, request, kind, request.query);
      const view = reportView(await buildReport(deps.identity, question), question);
      return await reply
        .headers(attachment(`vstorage-${kind}-${view.from.slice(0, 10)}-${view.to.slice(0, 10)}.csv`))
        .type('text/csv; charset=utf-8')
        .send(reportCsv(view));
    },
  );
}
