import type { ProjectRecord } from '../../metadata/tables/identities.ts';
import { purgeDueAt } from '../../projects/projects.ts';
import { type Caller, may } from '../caller.ts';
import { managementActions, type ManagementActionName, type ProjectView } from '../contract.ts';
import { isoTime, isoTimeOrNull } from './times.ts';
import { type Owner, vstorageUserId } from './vstorage-user-id.ts';

const projectActions = managementActions.filter(
  (action) => /Project$|S3Key$/.test(action) && action !== 'vstorage:CreateProject',
);

export const allowedOnProject = (caller: Caller, projectId: string): ManagementActionName[] =>
  projectActions.filter((action) => may(caller, action, projectId));

export type ProjectFacts = {
  readonly owner: Owner;
  readonly usage: { readonly bytes: number; readonly objects: number } | null;
  readonly alertSince: number | null;
};

export function projectView(project: ProjectRecord, caller: Caller, facts: ProjectFacts): ProjectView {
  return {
    id: project.projectId,
    name: project.name,
    region: project.region,
    class: project.class,
    quotaBytes: project.quotaBytes,
    usage: facts.usage,
    createdAt: isoTime(project.createdAt),
    trashedAt: isoTimeOrNull(project.trashedAt),
    purgeAt: isoTimeOrNull(purgeDueAt(project)),
    endsAt: isoTimeOrNull(project.endsAt ?? null),
    alertSince: isoTimeOrNull(facts.alertSince),
    vstorageUserId: vstorageUserId(facts.owner, null, project.projectId),
    allowedActions: allowedOnProject(caller, project.projectId),
  };
}
