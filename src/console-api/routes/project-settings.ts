// Usage alert, auto-scale, period and history of a project.
import type { FastifyRequest } from 'fastify';
import type { ProjectRecord } from '../../metadata/tables/identities.ts';
import type { ProjectEventRecord } from '../../metadata/tables/project-events.ts';
import { renewProject, setAlert, setAutoScale } from '../../projects/change-settings.ts';
import { listEvents } from '../../projects/history.ts';
import { DEFAULT_ALERT } from '../../projects/thresholds.ts';
import { ProblemError } from '../../shared/errors.ts';
import { refusals } from '../answers.ts';
import { callerOf } from '../caller.ts';
import type { Api, ConsoleDeps } from '../console-deps.ts';
import { pageQuery, projectParams, projectView } from '../contract.ts';
import {
  autoScaleView,
  projectEventList,
  type ProjectEventView,
  projectSettings,
  type ProjectSettings,
  renewProjectRequest,
  usageAlertView,
} from '../contract/project-settings.ts';
import { actorFor } from '../project-actor.ts';
import { ownerOf, projectOf, viewProject } from '../projects-of.ts';
import { isoTime, isoTimeOrNull } from '../views/times.ts';

const tags = ['Projects'];
const response = { 200: projectSettings, ...refusals };
const read = { action: 'vstorage:GetProject' } as const;
const change = { action: 'vstorage:ResizeProject' } as const;

type Asked = FastifyRequest<{ Params: { projectId: string } }>;

const found = (deps: ConsoleDeps, request: Asked): Promise<ProjectRecord> =>
  projectOf(deps, callerOf(request).identity.accountId, request.params.projectId);

async function settingsOf(deps: ConsoleDeps, project: ProjectRecord): Promise<ProjectSettings> {
  const { alert = DEFAULT_ALERT, autoScale = null } = project;
  const { email } = await ownerOf(deps, project.accountId);
  return { alert, autoScale, mailEnabled: deps.mailEnabled, mailTo: email };
}

export function projectSettingRoutes(api: Api, deps: ConsoleDeps): void {
  api.get(
    '/projects/:projectId/settings',
    {
      config: { access: read, audit: 'GetProjectSettings' },
      schema: { tags, summary: 'Usage alert and auto-scale', params: projectParams, response },
    },
    async (request) => await settingsOf(deps, await found(deps, request)),
  );
  api.put(
    '/projects/:projectId/alert',
    {
      config: { access: change, audit: 'SetUsageAlert' },
      schema: { tags, summary: 'Set the usage alert', params: projectParams, body: usageAlertView, response },
    },
    async (request) => {
      const { projectId } = await found(deps, request);
      return await settingsOf(deps, await setAlert(deps.identity, projectId, request.body, actorFor(request)));
    },
  );
  api.put(
    '/projects/:projectId/auto-scale',
    {
      config: { access: change, audit: 'SetAutoScale' },
      schema: { tags, summary: 'Let the quota grow by itself', params: projectParams, body: autoScaleView, response },
    },
    async (request) => {
      const { projectId } = await found(deps, request);
      return await settingsOf(deps, await setAutoScale(deps.identity, projectId, request.body, actorFor(request)));
    },
  );
}

export function projectHistoryRoutes(api: Api, deps: ConsoleDeps): void {
  api.post(
    '/projects/:projectId/renew',
    {
      config: { access: change, audit: 'RenewProject' },
      schema: {
        tags,
        summary: 'Lengthen the period, or let the project have no end',
        params: projectParams,
        body: renewProjectRequest,
        response: { 200: projectView, ...refusals },
      },
    },
    async (request) => {
      const { projectId, accountId } = await found(deps, request);
      const renewed = await renewProject(deps.identity, projectId, request.body.periodMonths, actorFor(request));
      return await viewProject(deps, renewed, callerOf(request), await ownerOf(deps, accountId));
    },
  );
  api.get(
    '/projects/:projectId/history',
    {
      config: { access: read, audit: 'ListProjectHistory' },
      schema: {
        tags,
        summary: 'What happened to the project, newest first',
        params: projectParams,
        querystring: pageQuery,
        response: { 200: projectEventList, ...refusals },
      },
    },
    async (request) => {
      const { projectId } = await found(deps, request);
      const { limit, cursor } = request.query;
      const before = cursor === undefined ? null : parseCursor(cursor);
      const events = await listEvents(deps.identity, projectId, { limit: limit + 1, before });
      const last = events[limit - 1];
      const nextCursor = events.length > limit && last !== undefined ? `${last.at}.${last.id}` : null;
      return { items: events.slice(0, limit).map(viewEvent), nextCursor };
    },
  );
}

function parseCursor(cursor: string): { at: number; id: string } {
  const [, at, id] = /^(\d{1,15})\.([0-9a-f]{16})$/.exec(cursor) ?? [];
  if (at === undefined || id === undefined) {
    throw new ProblemError(400, 'invalid-cursor', 'Send a nextCursor back as it came.', { field: 'cursor' });
  }
  return { at: Number(at), id };
}

function viewEvent({ id, at, kind, by, from = null, to = null, usedBytes }: ProjectEventRecord): ProjectEventView {
  const facts = { id, at: isoTime(at), kind, by, usedBytes: usedBytes ?? null };
  if (kind === 'renewed')
    return { ...facts, quota: null, period: { from: isoTimeOrNull(from), to: isoTimeOrNull(to) } };
  return { ...facts, quota: from === null && to === null ? null : { from, to }, period: null };
}
