// Runs the jobs in whichever process holds the lease: each job in a loop of its own, so that one that fails or hangs
// leaves the others alone. A holder that dies is replaced after one term; one that stops hands over at once.
import { setTimeout as sleep } from 'node:timers/promises';
import type { MetadataStore } from '../metadata/metadata-store.ts';
import type { Log } from '../observe/log.ts';
import type { Clock } from '../shared/clock.ts';
import type { Job } from './job.ts';
import type { JobState } from './job-state.ts';
import { isPaused, writeJobState } from './job-state.ts';
import { Lease } from './lease.ts';

export type JobsDeps = {
  readonly store: MetadataStore;
  readonly clock: Clock;
  readonly log: Log;
  readonly jobs: readonly Job[];
  /** unique among running processes, and new at each start */
  readonly holder: string;
  /** stops all jobs after their present step */
  readonly signal: AbortSignal;
  /** how long a holder may be silent before another takes over */
  readonly termMs?: number;
};

const DEFAULT_TERM_MS = 15_000;
const BEATS_PER_TERM = 5;
/** A holder whose beats fail this long stops its jobs: before the term ends and another process starts them. */
const SILENCE_SHARE = 0.6;
const MAX_RETRY_MS = 60_000;
const STATE_EVERY_MS = 5_000;

/** Resolves when `signal` is aborted and every job has stopped. */
export async function runJobs(deps: JobsDeps): Promise<void> {
  const termMs = deps.termMs ?? DEFAULT_TERM_MS;
  const lease = new Lease({ store: deps.store, clock: deps.clock, holder: deps.holder, termMs });
  while (!deps.signal.aborted) {
    if ((await beat(deps, lease)) === 'held') await holdLease(deps, lease, termMs);
    await pause(termMs / BEATS_PER_TERM, deps.signal);
  }
}

async function holdLease(deps: JobsDeps, lease: Lease, termMs: number): Promise<void> {
  deps.log.info({ holder: deps.holder }, 'runs the background jobs');
  const lost = new AbortController();
  const signal = AbortSignal.any([deps.signal, lost.signal]);
  const running = Promise.all(deps.jobs.map((job) => loop(deps, job, signal)));
  await keepLease(deps, lease, termMs, signal);
  lost.abort();
  await running;
  await lease.release().catch((error: unknown) => deps.log.warn({ err: error }, 'could not release the job lease'));
}

/** Returns when the lease is lost or the jobs are to stop. */
async function keepLease(deps: JobsDeps, lease: Lease, termMs: number, signal: AbortSignal): Promise<void> {
  let lastBeatMs = deps.clock();
  while (deps.clock() - lastBeatMs < termMs * SILENCE_SHARE) {
    await pause(termMs / BEATS_PER_TERM, signal);
    if (signal.aborted) return;
    const startedMs = deps.clock();
    const outcome = await beat(deps, lease);
    if (outcome === 'held') lastBeatMs = startedMs;
    if (outcome === 'taken') break;
  }
  deps.log.warn({ holder: deps.holder }, 'lost the job lease: stops the background jobs');
}

/** 'failed': nobody knows; the lease may still be ours. */
async function beat(deps: JobsDeps, lease: Lease): Promise<'held' | 'taken' | 'failed'> {
  try {
    return (await lease.beat()) ? 'held' : 'taken';
  } catch (error) {
    deps.log.warn({ err: error }, 'could not renew the job lease');
    return 'failed';
  }
}

async function loop(deps: JobsDeps, job: Job, signal: AbortSignal): Promise<void> {
  const report = new Reporter(deps, job);
  let failures = 0;
  while (!signal.aborted) {
    try {
      const paused = await deps.store.read((snapshot) => isPaused(snapshot, job.name));
      const didSomething = !paused && (await job.step());
      failures = 0;
      await report.write(didSomething ? 'running' : 'waiting', null);
      if (!didSomething) await pause(job.intervalMs, signal);
    } catch (error) {
      failures++;
      // The first of a row is news; its repetitions stand in the job's state.
      if (failures === 1) deps.log.error({ err: error, job: job.name }, 'a background job failed and will be retried');
      await report.write('failing', error instanceof Error ? error.message : String(error));
      await pause(Math.min(job.intervalMs * 2 ** Math.min(failures, 10), MAX_RETRY_MS), signal);
    }
  }
  await report.write('stopped', null);
}

/** Writes a job's state when it fails, recovers or stops, else rarely; that it cannot be written must not stop the job. */
class Reporter {
  readonly #deps: JobsDeps;
  readonly #job: Job;
  #written: Pick<JobState, 'state' | 'error' | 'updatedAt'> | null = null;

  constructor(deps: JobsDeps, job: Job) {
    this.#deps = deps;
    this.#job = job;
  }

  async write(state: JobState['state'], error: string | null): Promise<void> {
    const updatedAt = this.#deps.clock();
    const last = this.#written;
    const isNews = last === null || last.error !== error || state === 'stopped';
    if (!isNews && updatedAt - last.updatedAt < STATE_EVERY_MS) return;
    this.#written = { state, error, updatedAt };
    const { store, holder, log } = this.#deps;
    const { name } = this.#job;
    try {
      await writeJobState(store, { v: 1, name, state, holder, status: this.#job.status(), error, updatedAt });
    } catch (cause) {
      log.warn({ err: cause, job: name }, 'could not record the state of a job');
    }
  }
}

async function pause(ms: number, signal: AbortSignal): Promise<void> {
  await sleep(ms, undefined, { signal }).catch(() => undefined);
}
