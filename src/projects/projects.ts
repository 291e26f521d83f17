// Projects: a region, a class and a quota that buckets and S3 keys live in. A deleted project waits 7 days in the
// trash: nothing of it can be reached meanwhile, and it can be restored as it was; then it is purged for good.
import { bumpEpoch } from '../identity/epoch.ts';
import type { IdentityDeps } from '../identity/identity-deps.ts';
import { encodeText, readRecord, textValue } from '../identity/read-records.ts';
import type { Snapshot, Transaction } from '../metadata/metadata-store.ts';
import {
  type AccountRecord,
  type ProjectRecord,
  accountKey,
  projectByAccountKey,
  projectByAccountRange,
  projectByNameKey,
  projectKey,
  projectTrashKey,
} from '../metadata/tables/identities.ts';
import { KeyReader } from '../metadata/keys.ts';
import { decodeRecord, encodeRecord } from '../metadata/tables/record.ts';
import { ProblemError } from '../shared/errors.ts';
import type { ProjectActor } from '../metadata/tables/project-events.ts';
import { type AccountId, type ProjectId, newProjectId } from '../shared/ids.ts';
import { OPERATOR, putEvent } from './history.ts';
import { endAfter } from './periods.ts';

export const TRASH_MS = 7 * 24 * 3_600_000;
const GIB = 2 ** 30;
export const MIN_QUOTA_BYTES = GIB;
/** 2 PiB */
export const MAX_QUOTA_BYTES = 2 ** 51;
/** For the range that counts a project's account; far above any limit anybody sets. */
const MOST_PROJECTS = 100_000;

export type NewProject = {
  readonly accountId: AccountId;
  readonly name: string;
  /** compared without regard to case; without: the default region */
  readonly region?: string | undefined;
  readonly class: ProjectRecord['class'];
  readonly quotaBytes: number;
  /** operators may go below what users may */
  readonly minQuotaBytes?: number | undefined;
  /** one of PERIODS; without: it has no end */
  readonly periodMonths?: number | null | undefined;
  /** absent: an operator */
  readonly by?: ProjectActor | undefined;
};

export async function createProject(deps: IdentityDeps, wanted: NewProject): Promise<ProjectRecord> {
  const draft = draftProject(deps, wanted);
  return deps.store.transact((transaction) => putNewProject(deps, transaction, draft, wanted.by));
}

/** Everything that can be checked before the transaction. */
export function draftProject(deps: IdentityDeps, wanted: NewProject): ProjectRecord {
  const { accountId, quotaBytes } = wanted;
  checkQuota(quotaBytes, wanted.minQuotaBytes);
  const facts = { name: parseName(wanted.name), region: parseRegion(deps, wanted.region), class: wanted.class };
  const createdAt = deps.clock();
  const endsAt = endAfter(createdAt, wanted.periodMonths ?? null);
  const times = { createdAt, trashedAt: null, ...(endsAt === null ? {} : { endsAt }) };
  return { v: 1, projectId: newProjectId(), accountId, ...facts, quotaBytes, ...times };
}

function parseName(text: string): string {
  const name = text.trim();
  if (/^[A-Za-z0-9._@ -]{1,40}$/.test(name)) return name;
  const message = 'A project name has 1 to 40 characters, of letters, digits, space and . _ - @';
  throw new ProblemError(400, 'invalid-project-name', message, { field: 'name' });
}

function parseRegion({ regionNames: regions }: IdentityDeps, text: string | undefined): string {
  if (text === undefined) return regions[0];
  const region = regions.find((known) => known.toLowerCase() === text.trim().toLowerCase());
  if (region !== undefined) return region;
  const message = `There is no region ${text}. This server has ${regions.join(', ')}.`;
  throw new ProblemError(400, 'no-such-region', message, { field: 'region' });
}

function checkQuota(quotaBytes: number, minBytes: number = MIN_QUOTA_BYTES): void {
  if (Number.isSafeInteger(quotaBytes) && quotaBytes >= minBytes && quotaBytes <= MAX_QUOTA_BYTES) return;
  const least = minBytes === MIN_QUOTA_BYTES ? '1 GiB' : `${minBytes} bytes`;
  const message = `A quota is a whole number of bytes from ${least} to 2 PiB.`;
  throw new ProblemError(400, 'invalid-quota', message, { field: 'quotaBytes' });
}

export async function putNewProject(
  deps: IdentityDeps,
  transaction: Transaction,
  project: ProjectRecord,
  by: ProjectActor = OPERATOR,
): Promise<ProjectRecord> {
  const { accountId, projectId, name, createdAt: at, quotaBytes: to } = project;
  if ((await readRecord<AccountRecord>(transaction, accountKey(accountId))) === undefined) {
    throw new ProblemError(404, 'no-such-account', 'There is no such account.');
  }
  if ((await transaction.get(projectByNameKey(accountId, name))) !== undefined) {
    const message = 'The account has a project of this name; one in the trash keeps its name until it is purged.';
    throw new ProblemError(409, 'project-name-taken', message, { field: 'name' });
  }
  await checkProjectLimit(deps, transaction, accountId);
  transaction.put(projectKey(projectId), encodeRecord(project));
  transaction.put(projectByAccountKey(accountId, projectId), Buffer.alloc(0));
  transaction.put(projectByNameKey(accountId, name), encodeText(projectId));
  putEvent(transaction, projectId, { at, kind: 'created', by, from: null, to });
  await bumpEpoch(transaction, accountId);
  return project;
}

/** Projects in the trash do not count. */
async function checkProjectLimit(deps: IdentityDeps, transaction: Transaction, accountId: AccountId): Promise<void> {
  const limit = deps.limits['projects-per-account'];
  const present = (await readProjects(transaction, accountId)).filter((project) => project.trashedAt === null);
  if (present.length < limit) return;
  const message = `The account has reached its limit of ${limit} projects. Delete one you no longer need.`;
  throw new ProblemError(409, 'limit-exceeded', message);
}

async function readProjects(snapshot: Snapshot, accountId: AccountId): Promise<ProjectRecord[]> {
  const entries = await snapshot.range({ ...projectByAccountRange(accountId), limit: MOST_PROJECTS });
  const ids = entries.map(({ key }) => {
    const reader = new KeyReader(key);
    reader.text();
    return reader.text() as ProjectId;
  });
  const values = ids.length === 0 ? [] : await snapshot.getMany(ids.map(projectKey));
  return values.flatMap((value) => (value === undefined ? [] : [decodeRecord<ProjectRecord>(value)]));
}

/** Newest first, those in the trash among them. */
export async function listProjects(deps: IdentityDeps, accountId: AccountId): Promise<ProjectRecord[]> {
  const projects = await deps.store.read((snapshot) => readProjects(snapshot, accountId));
  return projects.toSorted((a, b) => b.createdAt - a.createdAt || (a.projectId < b.projectId ? -1 : 1));
}

/** Of any account: the caller looks whose it is. */
export function findProject(deps: IdentityDeps, projectId: string): Promise<ProjectRecord | undefined> {
  return deps.store.read((snapshot) => readRecord<ProjectRecord>(snapshot, projectKey(projectId as ProjectId)));
}

/** Within an account, by id or by name. */
export async function findProjectOf(
  deps: IdentityDeps,
  accountId: AccountId,
  idOrName: string,
): Promise<ProjectRecord | undefined> {
  return deps.store.read(async (snapshot) => {
    const byId = await readRecord<ProjectRecord>(snapshot, projectKey(idOrName as ProjectId));
    if (byId?.accountId === accountId) return byId;
    const named = await snapshot.get(projectByNameKey(accountId, idOrName.trim()));
    return named === undefined
      ? undefined
      : readRecord<ProjectRecord>(snapshot, projectKey(textValue(named) as ProjectId));
  });
}

export async function changeProject(
  deps: IdentityDeps,
  projectId: ProjectId,
  change: (project: ProjectRecord, transaction: Transaction) => Promise<ProjectRecord>,
): Promise<ProjectRecord> {
  return deps.store.transact(async (transaction) => {
    const project = await readRecord<ProjectRecord>(transaction, projectKey(projectId));
    if (project === undefined) throw new ProblemError(404, 'no-such-project', 'There is no such project.');
    const changed = await change(project, transaction);
    transaction.put(projectKey(projectId), encodeRecord(changed));
    await bumpEpoch(transaction, project.accountId);
    return changed;
  });
}

/** Also below what is stored: then nothing more is taken until enough was deleted. */
export function resizeProject(
  deps: IdentityDeps,
  projectId: ProjectId,
  quotaBytes: number,
  options: { readonly minQuotaBytes?: number; readonly by?: ProjectActor } = {},
): Promise<ProjectRecord> {
  checkQuota(quotaBytes, options.minQuotaBytes);
  return changeProject(deps, projectId, async (project, transaction) => {
    if (project.trashedAt !== null) throw inTrash();
    const { by = OPERATOR } = options;
    if (project.quotaBytes !== quotaBytes) {
      const facts = { from: project.quotaBytes, to: quotaBytes };
      putEvent(transaction, projectId, { at: deps.clock(), kind: 'resized', by, ...facts });
    }
    return { ...project, quotaBytes };
  });
}

export const inTrash = (): ProblemError =>
  new ProblemError(409, 'project-in-trash', 'The project is in the trash. Restore it first.');

/** When it is deleted for good; null: it is not in the trash. */
export function purgeDueAt({ trashedAt, purgeDueAt: putOff }: ProjectRecord): number | null {
  return trashedAt === null ? null : (putOff ?? trashedAt + TRASH_MS);
}

/** Its keys and objects are refused from the next request on, for every client, until it is restored. */
export function trashProject(
  deps: IdentityDeps,
  projectId: ProjectId,
  by: ProjectActor = OPERATOR,
): Promise<ProjectRecord> {
  return changeProject(deps, projectId, async (project, transaction) => {
    if (project.trashedAt !== null) throw inTrash();
    const trashedAt = deps.clock();
    putEvent(transaction, projectId, { at: trashedAt, kind: 'trashed', by });
    transaction.put(projectTrashKey(trashedAt + TRASH_MS, projectId), Buffer.alloc(0));
    return { ...project, trashedAt };
  });
}

/** With its buckets, objects and S3 keys as they were. */
export function restoreProject(
  deps: IdentityDeps,
  projectId: ProjectId,
  by: ProjectActor = OPERATOR,
): Promise<ProjectRecord> {
  return changeProject(deps, projectId, async (project, transaction) => {
    const dueAt = purgeDueAt(project);
    if (dueAt === null) throw new ProblemError(409, 'project-not-in-trash', 'The project is not in the trash.');
    if (project.purgeStartedAt !== undefined || deps.clock() >= dueAt) {
      throw new ProblemError(410, 'project-purged', 'The 7 days are over: the project is being deleted for good.');
    }
    await checkProjectLimit(deps, transaction, project.accountId);
    transaction.delete(projectTrashKey(dueAt, projectId));
    putEvent(transaction, projectId, { at: deps.clock(), kind: 'restored', by });
    const { purgeDueAt: _over, endsAt = null, ...restored } = project;
    // a period that is over would end it again at once
    const period = endsAt === null || endsAt <= deps.clock() ? {} : { endsAt };
    return { ...restored, ...period, trashedAt: null };
  });
}
