// What the routes under /projects/{projectId} begin with.
import { findAccount } from '../identity/accounts.ts';
import type { ProjectRecord } from '../metadata/tables/identities.ts';
import { findProject } from '../projects/projects.ts';
import { alertSinceOf } from '../projects/watch-projects.ts';
import { projectUsage } from '../projects/usage.ts';
import { ProblemError } from '../shared/errors.ts';
import type { AccountId } from '../shared/ids.ts';
import { type Caller, may } from './caller.ts';
import type { ConsoleDeps, RegionFacts } from './console-deps.ts';
import type { ProjectView } from './contract.ts';
import { projectView } from './views/project-view.ts';
import type { Owner } from './views/vstorage-user-id.ts';

/** The project of the caller's own account; somebody else's is as unknown as none. */
export async function projectOf(deps: ConsoleDeps, accountId: AccountId, projectId: string): Promise<ProjectRecord> {
  const project = await findProject(deps.identity, projectId);
  if (project !== undefined && project.accountId === accountId) return project;
  throw new ProblemError(404, 'no-such-project', 'This account has no project of this id.');
}

export function regionOf(deps: ConsoleDeps, project: ProjectRecord): RegionFacts {
  const region = deps.regions().find(({ name }) => name.toLowerCase() === project.region.toLowerCase());
  if (region !== undefined) return region;
  const message = `This server does not serve the project's region ${project.region}. Ask a server that does.`;
  throw new ProblemError(409, 'region-not-served', message);
}

export async function ownerOf(deps: ConsoleDeps, accountId: AccountId): Promise<Owner> {
  const account = await findAccount(deps.identity, accountId);
  if (account === undefined) throw new ProblemError(404, 'no-such-account', 'The account is gone.');
  return account;
}

/** The project as the caller may see it: without vstorage:GetProject its usage stays hidden. */
export async function viewProject(
  deps: ConsoleDeps,
  project: ProjectRecord,
  caller: Caller,
  owner: Owner,
): Promise<ProjectView> {
  const readable = may(caller, 'vstorage:GetProject', project.projectId);
  const usage = readable ? await projectUsage(deps.identity, project.projectId) : null;
  const alertSince = readable ? await alertSinceOf(deps.identity, project) : null;
  return projectView(project, caller, { owner, usage, alertSince });
}
