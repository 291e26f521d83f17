// Takes projects whose 7 days in the trash are over away for good: what they store first, then their S3 keys and the
// project itself. Stops and goes on anywhere. As long as an object of the project is locked nothing of it is deleted:
// it stays in the trash as it is and can be restored, so that nobody gets around a lock by deleting its project.
import { bumpEpoch } from '../identity/epoch.ts';
import type { IdentityDeps } from '../identity/identity-deps.ts';
import { readRecord } from '../identity/read-records.ts';
import { deleteKeysOfProject } from '../identity/s3-key-rows.ts';
import { KeyReader, encodeKey, tables } from '../metadata/keys.ts';
import { externalBucketRange } from '../metadata/tables/external-buckets.ts';
import {
  type ProjectRecord,
  projectByAccountKey,
  projectByNameKey,
  projectKey,
  projectTrashKey,
  projectTrashRange,
} from '../metadata/tables/identities.ts';
import { projectEventRange, projectWatchKey } from '../metadata/tables/project-events.ts';
import { encodeRecord } from '../metadata/tables/record.ts';
import type { ProjectId } from '../shared/ids.ts';
import { purgeDueAt } from './projects.ts';

/** Deletes a part of what the project stores; false when nothing is left. */
export type PurgeStorage = (project: ProjectRecord) => Promise<boolean>;

/** Until when an object of the project is locked: null for none, Infinity for a legal hold. */
export type FindLock = (project: ProjectRecord) => Promise<number | null>;

export type ProjectStorage = { readonly purge: PurgeStorage; readonly lockedUntil: FindLock };

/** Far more than happens to a project; the history of one that is gone is read by nobody. */
const MOST_EVENTS = 5000;

/** A lock that is lifted early is noticed within this time. */
const LOOK_AGAIN_MS = 24 * 3_600_000;

/** One small unit; says whether there was anything to do. */
export async function purgeProjects(deps: IdentityDeps, storage: ProjectStorage): Promise<boolean> {
  const due = await findDue(deps);
  if (due === undefined) return false;
  if (await putOff(deps, due, storage.lockedUntil)) return true;
  const project = await beginPurge(deps, due);
  if (project === undefined || (await storage.purge(project))) return true;
  await deleteProject(deps, due, project);
  return true;
}

type Due = { readonly at: number; readonly projectId: ProjectId };

async function findDue(deps: IdentityDeps): Promise<Due | undefined> {
  const { start } = projectTrashRange();
  const end = encodeKey(tables.projectTrash, BigInt(deps.clock() + 1));
  const [entry] = await deps.store.read((snapshot) => snapshot.range({ start, end, limit: 1 }));
  if (entry === undefined) return undefined;
  const reader = new KeyReader(entry.key);
  return { at: Number(reader.uint()), projectId: reader.text() as ProjectId };
}

/** In the trash nothing is written, so that what is not locked now is not locked when the purge begins. */
async function putOff(deps: IdentityDeps, { at, projectId }: Due, lockedUntil: FindLock): Promise<boolean> {
  const project = await deps.store.read((snapshot) => readRecord<ProjectRecord>(snapshot, projectKey(projectId)));
  if (project === undefined || project.trashedAt === null || project.purgeStartedAt !== undefined) return false;
  const until = await lockedUntil(project);
  if (until === null) return false;
  const dueAt = Math.min(until, deps.clock() + LOOK_AGAIN_MS);
  await deps.store.transact(async (transaction) => {
    const current = await readRecord<ProjectRecord>(transaction, projectKey(projectId));
    transaction.delete(projectTrashKey(at, projectId));
    if (current === undefined || purgeDueAt(current) !== at) return;
    transaction.put(projectTrashKey(dueAt, projectId), Buffer.alloc(0));
    const later: ProjectRecord = { ...current, purgeDueAt: dueAt };
    transaction.put(projectKey(projectId), encodeRecord(later));
  });
  return true;
}

/** From here on it cannot be restored, whatever the clocks of other machines say. */
async function beginPurge(deps: IdentityDeps, { at, projectId }: Due): Promise<ProjectRecord | undefined> {
  return deps.store.transact(async (transaction) => {
    const project = await readRecord<ProjectRecord>(transaction, projectKey(projectId));
    if (project === undefined || project.trashedAt === null) {
      transaction.delete(projectTrashKey(at, projectId));
      return undefined;
    }
    if (project.purgeStartedAt !== undefined) return project;
    const begun: ProjectRecord = { ...project, purgeStartedAt: deps.clock() };
    transaction.put(projectKey(projectId), encodeRecord(begun));
    return begun;
  });
}

async function deleteProject(deps: IdentityDeps, { at }: Due, project: ProjectRecord): Promise<void> {
  const { accountId, projectId, name } = project;
  await deps.store.transact(async (transaction) => {
    await deleteKeysOfProject(transaction, accountId, projectId);
    transaction.delete(projectKey(projectId));
    transaction.delete(projectByAccountKey(accountId, projectId));
    transaction.delete(projectByNameKey(accountId, name));
    transaction.delete(projectTrashKey(at, projectId));
    transaction.delete(projectWatchKey(projectId));
    const events = await transaction.range({ ...projectEventRange(projectId), limit: MOST_EVENTS });
    for (const { key } of events) transaction.delete(key);
    const external = await transaction.range({ ...externalBucketRange(projectId), limit: MOST_EVENTS });
    for (const { key } of external) transaction.delete(key);
    await bumpEpoch(transaction, accountId);
  });
}
