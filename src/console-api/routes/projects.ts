import type { FastifyRequest } from 'fastify';
import { createProject, listProjects, resizeProject, restoreProject, trashProject } from '../../projects/projects.ts';
import type { ProjectRecord } from '../../metadata/tables/identities.ts';
import { refusals } from '../answers.ts';
import { callerOf } from '../caller.ts';
import type { Api, ConsoleDeps } from '../console-deps.ts';
import {
  createProjectRequest,
  deleteProjectRequest,
  projectList,
  projectParams,
  projectsQuery,
  projectView,
  updateProjectRequest,
} from '../contract.ts';
import { newestFirst, paginate } from '../paging.ts';
import { actorFor } from '../project-actor.ts';
import { ownerOf, projectOf, viewProject } from '../projects-of.ts';

const tags = ['Projects'];

type Filter = { readonly state: 'active' | 'trashed' | 'all'; readonly region?: string | undefined };

function matches(project: ProjectRecord, { state, region }: Filter): boolean {
  if (state !== 'all' && (project.trashedAt === null) !== (state === 'active')) return false;
  return region === undefined || project.region.toLowerCase() === region.toLowerCase();
}

async function answerProject(deps: ConsoleDeps, request: FastifyRequest, project: ProjectRecord) {
  const caller = callerOf(request);
  return await viewProject(deps, project, caller, await ownerOf(deps, caller.identity.accountId));
}

export function projectListRoutes(api: Api, deps: ConsoleDeps): void {
  api.get(
    '/projects',
    {
      config: { access: { action: 'vstorage:ListProjects' }, audit: 'ListProjects' },
      schema: {
        tags,
        summary: 'The projects of the account, newest first',
        querystring: projectsQuery,
        response: { 200: projectList, ...refusals },
      },
    },
    async (request) => {
      const caller = callerOf(request);
      const { accountId } = caller.identity;
      const owner = await ownerOf(deps, accountId);
      const all = await listProjects(deps.identity, accountId);
      const found = all.filter((project) => matches(project, request.query));
      const page = paginate(found, ({ createdAt, projectId }) => newestFirst(createdAt, projectId), request.query);
      const items = await Promise.all(page.items.map((project) => viewProject(deps, project, caller, owner)));
      return { items, nextCursor: page.nextCursor };
    },
  );
  api.post(
    '/projects',
    {
      config: { access: { action: 'vstorage:CreateProject' }, audit: 'CreateProject' },
      schema: {
        tags,
        summary: 'Make a project',
        body: createProjectRequest,
        response: { 201: projectView, ...refusals },
      },
    },
    async (request, reply) => {
      const { accountId } = callerOf(request).identity;
      const { region = deps.regions()[0].name, ...rest } = request.body;
      const by = actorFor(request);
      const project = await createProject(deps.identity, { accountId, region, by, ...rest });
      return await reply.code(201).send(await answerProject(deps, request, project));
    },
  );
}

export function projectRoutes(api: Api, deps: ConsoleDeps): void {
  const found = async (request: FastifyRequest<{ Params: { projectId: string } }>): Promise<ProjectRecord> =>
    await projectOf(deps, callerOf(request).identity.accountId, request.params.projectId);
  const response = { 200: projectView, ...refusals };
  api.get(
    '/projects/:projectId',
    {
      config: { access: { action: 'vstorage:ListProjects' }, audit: 'GetProject' },
      schema: { tags, summary: 'One project', params: projectParams, response },
    },
    async (request) => await answerProject(deps, request, await found(request)),
  );
  api.patch(
    '/projects/:projectId',
    {
      config: { access: { action: 'vstorage:ResizeProject' }, audit: 'ResizeProject' },
      schema: { tags, summary: 'Change the quota', params: projectParams, body: updateProjectRequest, response },
    },
    async (request) => {
      const { projectId } = await found(request);
      const options = { by: actorFor(request) };
      const resized = await resizeProject(deps.identity, projectId, request.body.quotaBytes, options);
      return await answerProject(deps, request, resized);
    },
  );
  api.delete(
    '/projects/:projectId',
    {
      config: { access: { action: 'vstorage:DeleteProject' }, audit: 'DeleteProject' },
      schema: {
        tags,
        summary: 'Move the project to the trash, for 7 days',
        params: projectParams,
        body: deleteProjectRequest,
        response,
      },
    },
    async (request) => {
      const { projectId } = await found(request);
      return await answerProject(deps, request, await trashProject(deps.identity, projectId, actorFor(request)));
    },
  );
  api.post(
    '/projects/:projectId/restore',
    {
      config: { access: { action: 'vstorage:RestoreProject' }, audit: 'RestoreProject' },
      schema: { tags, summary: 'Take the project out of the trash', params: projectParams, response },
    },
    async (request) => {
      const { projectId } = await found(request);
      return await answerProject(deps, request, await restoreProject(deps.identity, projectId, actorFor(request)));
    },
  );
}
