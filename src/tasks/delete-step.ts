// Deleting as DeleteObjects does it: each entry has its own permission and its own result.
import { askOf, versioned } from '../access/s3-actor.ts';
import type { TaskError, TaskRecord } from '../metadata/tables/tasks.ts';
import { S3Error } from '../shared/errors.ts';
import { deleteObjects } from '../storage/delete-objects.ts';
import { addDone, asTaskError, goOn, STEP_MS } from './progress.ts';
import { readPage, sizeOf, type Target } from './walk.ts';
import type { Step, Work } from './work.ts';

const PAGE = 250;

export async function deleteStep(work: Work): Promise<Step> {
  const endMs = performance.now() + STEP_MS;
  const errors: TaskError[] = [];
  let task: TaskRecord = work.task;
  while (task.status === 'running' && performance.now() < endMs) {
    const { targets, next } = await readPage(work, task.place, PAGE);
    const failed = await deleteTargets(work, targets);
    errors.push(...failed.map(({ error }) => error));
    const gone = targets.filter((target) => !failed.some((one) => one.target === target));
    const bytes = gone.reduce((sum, { record }) => sum + sizeOf(record), 0);
    task = goOn(addDone(task, gone.length, bytes), next, work.deps.clock());
  }
  return { task, errors };
}

type Failure = { readonly target: Target; readonly error: TaskError };

async function deleteTargets(work: Work, targets: readonly Target[]): Promise<Failure[]> {
  const allowed: Target[] = [];
  const failures: Failure[] = [];
  for (const target of targets) {
    if (await mayDelete(work, target)) allowed.push(target);
    else failures.push(failure(target, new S3Error('AccessDenied')));
  }
  const results = await deleteObjects(work.storage, {
    bucket: work.bucket,
    keys: allowed.map(({ key, versionId }) => ({ key, versionId })),
    bypassGovernance: bypasses(work),
    guard: work.actor.guard(...allowed.flatMap((target) => asksFor(work, target))),
  });
  for (const [index, target] of allowed.entries()) {
    const error = results[index]?.error ?? null;
    if (error !== null) failures.push(failure(target, error));
  }
  return failures;
}

const failure = (target: Target, error: S3Error): Failure => ({
  target,
  error: asTaskError(error, target.key, target.versionId),
});

const bypasses = ({ task: { spec } }: Work): boolean => 'bypassGovernance' in spec && spec.bypassGovernance;

function asksFor(work: Work, { key, versionId }: Target) {
  const remove = askOf(versioned('Delete', versionId), work.bucket, key, { versionId });
  return bypasses(work) ? [remove, askOf('s3:BypassGovernanceRetention', work.bucket, key)] : [remove];
}

async function mayDelete(work: Work, target: Target): Promise<boolean> {
  const answers = await Promise.all(asksFor(work, target).map((ask) => work.actor.allows(ask)));
  return answers.every(Boolean);
}
