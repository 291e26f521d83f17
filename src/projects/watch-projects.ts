// Looks at every project now and then: lets its quota grow, tells when it gets full, ends it when its period is over.
import { readAccount } from '../identity/accounts.ts';
import { bumpEpoch } from '../identity/epoch.ts';
import type { IdentityDeps } from '../identity/identity-deps.ts';
import { queueMail } from '../identity/mail-queue.ts';
import { readRecord } from '../identity/read-records.ts';
import { encodeKey, keyAfter, prefixRange, tables } from '../metadata/keys.ts';
import type { Transaction } from '../metadata/metadata-store.ts';
import { type ProjectRecord, projectKey, projectTrashKey } from '../metadata/tables/identities.ts';
import { projectWatchKey, type ProjectWatchRecord } from '../metadata/tables/project-events.ts';
import { decodeRecord, encodeRecord } from '../metadata/tables/record.ts';
import type { ProjectId } from '../shared/ids.ts';
import { putEvent, WATCH } from './history.ts';
import { MAX_QUOTA_BYTES, TRASH_MS } from './projects.ts';
import { DEFAULT_ALERT, isReached } from './thresholds.ts';
import { readUsage } from './usage.ts';

const PROJECTS_PER_STEP = 50;

/** Null also while the project is not watched: the alert is off, or the project in the trash. */
export async function alertSinceOf(
  { store }: Pick<IdentityDeps, 'store'>,
  { projectId, trashedAt, alert = DEFAULT_ALERT }: ProjectRecord,
): Promise<number | null> {
  if (trashedAt !== null || !alert.enabled) return null;
  const watch = await store.read((snapshot) => readRecord<ProjectWatchRecord>(snapshot, projectWatchKey(projectId)));
  return watch?.alertSince ?? null;
}

export type WatchDeps = IdentityDeps & { readonly mailEnabled: boolean };

/** Some projects; answers the last, or null when all were looked at. */
export async function watchProjects(deps: WatchDeps, after: string): Promise<string | null> {
  const { start, end } = prefixRange(tables.project);
  const from = after === '' ? start : keyAfter(encodeKey(tables.project, after));
  const rows = await deps.store.read((snapshot) => snapshot.range({ start: from, end, limit: PROJECTS_PER_STEP }));
  const projects = rows.map(({ value }) => decodeRecord<ProjectRecord>(value));
  for (const project of projects) {
    if (project.trashedAt === null && (await needsLook(deps, project))) await look(deps, project.projectId);
  }
  return projects.length < PROJECTS_PER_STEP ? null : (projects.at(-1)?.projectId ?? null);
}

/** Reads only; most projects need nothing. */
const needsLook = (deps: WatchDeps, project: ProjectRecord): Promise<boolean> =>
  deps.store.read(async (snapshot) => {
    const { bytes } = await readUsage(snapshot, { project: project.projectId });
    const watch = await readRecord<ProjectWatchRecord>(snapshot, projectWatchKey(project.projectId));
    const { isOver, isAlert, mayGrow } = stateOf(deps, project, bytes);
    return isOver || isAlert !== ((watch?.alertSince ?? null) !== null) || mayGrow !== (watch?.atMost === true);
  });

function stateOf({ clock }: WatchDeps, project: ProjectRecord, usedBytes: number) {
  const { quotaBytes, alert = DEFAULT_ALERT, autoScale, endsAt = null } = project;
  return {
    isOver: endsAt !== null && endsAt <= clock(),
    isAlert: alert.enabled && isReached(alert.threshold, usedBytes, quotaBytes),
    mayGrow: autoScale?.enabled === true && isReached(autoScale.threshold, usedBytes, quotaBytes),
  };
}

type Look = { project: ProjectRecord; watch: ProjectWatchRecord; readonly usedBytes: number; readonly now: number };

async function look(deps: WatchDeps, projectId: ProjectId): Promise<void> {
  await deps.store.transact(async (transaction) => {
    const project = await readRecord<ProjectRecord>(transaction, projectKey(projectId));
    if (project === undefined || project.trashedAt !== null) return;
    const known = await readRecord<ProjectWatchRecord>(transaction, projectWatchKey(projectId));
    const { bytes: usedBytes } = await readUsage(transaction, { project: projectId });
    const seen: Look = { project, watch: known ?? { v: 1, alertSince: null }, usedBytes, now: deps.clock() };
    if (stateOf(deps, project, usedBytes).isOver) endPeriod(transaction, seen);
    else {
      await grow(deps, transaction, seen);
      await tell(deps, transaction, seen);
    }
    transaction.put(projectWatchKey(projectId), encodeRecord(seen.watch));
    if (seen.project === project) return;
    transaction.put(projectKey(projectId), encodeRecord(seen.project));
    await bumpEpoch(transaction, project.accountId);
  });
}

function endPeriod(transaction: Transaction, seen: Look): void {
  const { project, now } = seen;
  const { projectId } = project;
  putEvent(transaction, projectId, { at: now, kind: 'expired', by: WATCH });
  transaction.put(projectTrashKey(now + TRASH_MS, projectId), Buffer.alloc(0));
  seen.project = { ...project, trashedAt: now };
}

async function grow(deps: WatchDeps, transaction: Transaction, seen: Look): Promise<void> {
  const { project, usedBytes, now } = seen;
  const { projectId, autoScale, quotaBytes } = project;
  const { atMost = false, ...watch } = seen.watch;
  if (autoScale === undefined || !stateOf(deps, project, usedBytes).mayGrow) {
    seen.watch = watch;
    return;
  }
  const to = grown(project, usedBytes);
  if (to <= quotaBytes) {
    if (atMost) return;
    seen.watch = { ...watch, atMost: true };
    putEvent(transaction, projectId, { at: now, kind: 'auto-scale-failed', by: WATCH, from: quotaBytes, usedBytes });
    if (autoScale.mail) await mail(deps, transaction, seen, 'auto-scale-failed');
    return;
  }
  seen.watch = watch;
  seen.project = { ...project, quotaBytes: to };
  putEvent(transaction, projectId, { at: now, kind: 'auto-scaled', by: WATCH, from: quotaBytes, to, usedBytes });
  if (autoScale.mail) await mail(deps, transaction, seen, 'auto-scaled');
}

/** As many steps as it takes to be below the threshold again, up to its end. */
function grown({ quotaBytes, autoScale }: ProjectRecord, usedBytes: number): number {
  if (autoScale === undefined) return quotaBytes;
  const { threshold, stepBytes } = autoScale;
  const most = Math.min(autoScale.maxBytes, MAX_QUOTA_BYTES);
  const wanted =
    threshold.unit === 'bytes' ? usedBytes + threshold.freeBytes : (usedBytes * 100) / threshold.usedPercent;
  const steps = Math.floor(Math.max(wanted - quotaBytes, 0) / stepBytes) + 1;
  return Math.min(quotaBytes + steps * stepBytes, most);
}

async function tell(deps: WatchDeps, transaction: Transaction, seen: Look): Promise<void> {
  const { project, usedBytes, now, watch } = seen;
  const { projectId, quotaBytes: to, alert = DEFAULT_ALERT } = project;
  const { isAlert } = stateOf(deps, project, usedBytes);
  if (isAlert === (watch.alertSince !== null)) return;
  seen.watch = { ...watch, alertSince: isAlert ? now : null };
  putEvent(transaction, projectId, {
    at: now,
    kind: isAlert ? 'alert-raised' : 'alert-ended',
    by: WATCH,
    to,
    usedBytes,
  });
  if (isAlert && alert.mail) await mail(deps, transaction, seen, 'usage-alert');
}

type MailKind = 'usage-alert' | 'auto-scaled' | 'auto-scale-failed';

async function mail(deps: WatchDeps, transaction: Transaction, seen: Look, kind: MailKind): Promise<void> {
  if (!deps.mailEnabled) return;
  const { project, usedBytes, now } = seen;
  const { accountId, projectId, name, quotaBytes } = project;
  const account = await readAccount(transaction, accountId);
  if (account === undefined || account.status !== 'active') return;
  const about = { kind, projectId, projectName: name, usedBytes, quotaBytes };
  queueMail(transaction, { to: account.email, language: 'en', about }, now);
}
