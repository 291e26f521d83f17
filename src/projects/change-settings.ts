// What else can be set of a project: when its owner is told, how its quota grows, how long it lasts.
import type { IdentityDeps } from '../identity/identity-deps.ts';
import type { ProjectRecord } from '../metadata/tables/identities.ts';
import type { AutoScale, ProjectActor, UsageAlert } from '../metadata/tables/project-events.ts';
import type { ProjectId } from '../shared/ids.ts';
import { putEvent } from './history.ts';
import { endAfter } from './periods.ts';
import { changeProject, inTrash, MAX_QUOTA_BYTES } from './projects.ts';
import { checkAutoScale, checkThreshold } from './thresholds.ts';

export function setAlert(
  deps: IdentityDeps,
  projectId: ProjectId,
  alert: UsageAlert,
  by: ProjectActor,
): Promise<ProjectRecord> {
  checkThreshold(alert.threshold);
  return changeProject(deps, projectId, async (project, transaction) => {
    if (project.trashedAt !== null) throw inTrash();
    putEvent(transaction, projectId, { at: deps.clock(), kind: 'alert-set', by });
    return { ...project, alert };
  });
}

export function setAutoScale(
  deps: IdentityDeps,
  projectId: ProjectId,
  autoScale: AutoScale,
  by: ProjectActor,
): Promise<ProjectRecord> {
  checkAutoScale(autoScale, MAX_QUOTA_BYTES);
  return changeProject(deps, projectId, async (project, transaction) => {
    if (project.trashedAt !== null) throw inTrash();
    putEvent(transaction, projectId, { at: deps.clock(), kind: 'auto-scale-set', by });
    return { ...project, autoScale };
  });
}

/** From the end it has, or from now; null: it has no end any more. */
export function renewProject(
  deps: IdentityDeps,
  projectId: ProjectId,
  periodMonths: number | null,
  by: ProjectActor,
): Promise<ProjectRecord> {
  return changeProject(deps, projectId, async (project, transaction) => {
    if (project.trashedAt !== null) throw inTrash();
    const now = deps.clock();
    const from = project.endsAt ?? null;
    const endsAt = endAfter(Math.max(from ?? now, now), periodMonths);
    putEvent(transaction, projectId, { at: now, kind: 'renewed', by, from, to: endsAt });
    return { ...project, endsAt };
  });
}
