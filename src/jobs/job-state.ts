// What every process may know and change about a job: whether it is paused, and how it last went. The runner writes
// it, the console and the command line read it and pause.
import { encodeKey, prefixRange, tables } from '../metadata/keys.ts';
import type { MetadataStore, Snapshot } from '../metadata/metadata-store.ts';
import { decodeRecord, encodeRecord } from '../metadata/tables/record.ts';
import type { JobStatus } from './job.ts';

export type JobState = {
  readonly v: 1;
  readonly name: string;
  readonly state: 'running' | 'waiting' | 'failing' | 'stopped';
  /** the holder of the lease that wrote this */
  readonly holder: string;
  readonly status: JobStatus;
  /** the last failure, gone after a step that succeeds */
  readonly error: string | null;
  readonly updatedAt: number;
};

type PauseRecord = { readonly v: 1; readonly pausedAt: number };

const MAX_JOBS = 100;
const stateKey = (name: string) => encodeKey(tables.jobState, 'state', name);
const pauseKey = (name: string) => encodeKey(tables.jobState, 'pause', name);

export async function isPaused(snapshot: Snapshot, name: string): Promise<boolean> {
  return (await snapshot.get(pauseKey(name))) !== undefined;
}

/** Takes effect before the job's next step, wherever it runs. */
export async function pauseJob(store: MetadataStore, name: string, nowMs: number): Promise<void> {
  const pause: PauseRecord = { v: 1, pausedAt: nowMs };
  await store.transact(async (transaction) => transaction.put(pauseKey(name), encodeRecord(pause)));
}

export async function resumeJob(store: MetadataStore, name: string): Promise<void> {
  await store.transact(async (transaction) => transaction.delete(pauseKey(name)));
}

export async function writeJobState(store: MetadataStore, state: JobState): Promise<void> {
  await store.transact(async (transaction) => transaction.put(stateKey(state.name), encodeRecord(state)));
}

export type JobView = JobState & { readonly paused: boolean };

/** Every job that ever ran, by name. */
export async function listJobs(store: MetadataStore): Promise<JobView[]> {
  return store.read(async (snapshot) => {
    const rows = await snapshot.range({ ...prefixRange(tables.jobState, 'state'), limit: MAX_JOBS });
    const states = rows.map(({ value }) => decodeRecord<JobState>(value));
    return Promise.all(states.map(async (state) => ({ ...state, paused: await isPaused(snapshot, state.name) })));
  });
}
