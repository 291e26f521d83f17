import assert from 'node:assert/strict';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { openLmdbStore } from '../metadata/lmdb.ts';
import type { MetadataStore } from '../metadata/metadata-store.ts';
import { createLog } from '../observe/log.ts';
import { systemClock } from '../shared/clock.ts';
import type { Job } from './job.ts';
import { listJobs, pauseJob, resumeJob } from './job-state.ts';
import { runJobs } from './runner.ts';

const TERM_MS = 250;
const log = createLog('silent');

type Fixture = AsyncDisposable & { readonly store: MetadataStore };

async function openStore(): Promise<Fixture> {
  const folder = await mkdtemp(join(tmpdir(), 'vstorage-jobs-'));
  const store = await openLmdbStore({ path: folder, reserveBytes: 0 });
  return {
    store,
    async [Symbol.asyncDispose]() {
      await store[Symbol.asyncDispose]();
      await rm(folder, { recursive: true });
    },
  };
}

type CountingJob = Job & { steps: number };

function countingJob(name: string, step: (steps: number) => Promise<boolean> | boolean = () => false): CountingJob {
  const job: CountingJob = {
    name,
    intervalMs: 5,
    steps: 0,
    step: async () => step(++job.steps),
    status: () => ({ done: job.steps, waiting: null, message: null }),
  };
  return job;
}

type Running = AsyncDisposable & { readonly stop: () => Promise<void> };

function start(store: MetadataStore, holder: string, jobs: readonly Job[]): Running {
  const controller = new AbortController();
  const { signal } = controller;
  const running = runJobs({ store, clock: systemClock, log, jobs, holder, signal, termMs: TERM_MS });
  const stop = async (): Promise<void> => {
    controller.abort();
    await running;
  };
  return { stop, [Symbol.asyncDispose]: stop };
}

async function until(condition: () => boolean | Promise<boolean>, timeoutMs = 5_000): Promise<void> {
  const endMs = Date.now() + timeoutMs;
  while (!(await condition())) {
    assert.ok(Date.now() < endMs, 'waited in vain');
    await sleep(5);
  }
}

test('jobs run again and again until they are stopped', async () => {
  await using fixture = await openStore();
  const job = countingJob('sweep');
  const running = start(fixture.store, 'a', [job]);
  await until(() => job.steps >= 5);
  await running.stop();
  const { steps } = job;
  await sleep(50);
  assert.equal(job.steps, steps);
  const [view] = await listJobs(fixture.store);
  assert.deepEqual([view?.name, view?.state, view?.holder, view?.paused], ['sweep', 'stopped', 'a', false]);
});

test('a job that did something runs again at once, one that did not waits its interval', async () => {
  await using fixture = await openStore();
  const busy = { ...countingJob('busy', (steps) => steps < 50), intervalMs: 60_000 };
  let steps = 0;
  const job: Job = { ...busy, step: async () => ++steps < 50 };
  await using _running = start(fixture.store, 'a', [job]);
  await until(() => steps === 50);
  await sleep(50);
  assert.equal(steps, 50);
});

test('only one of two processes runs the jobs', async () => {
  await using fixture = await openStore();
  const [a, b] = [countingJob('sweep'), countingJob('sweep')];
  await using _first = start(fixture.store, 'a', [a]);
  await until(() => a.steps > 0);
  await using _second = start(fixture.store, 'b', [b]);
  await sleep(TERM_MS * 3);
  assert.ok(a.steps > 10);
  assert.equal(b.steps, 0);
});

test('a process that stops hands the jobs over before its term ends', async () => {
  await using fixture = await openStore();
  const [a, b] = [countingJob('sweep'), countingJob('sweep')];
  const first = start(fixture.store, 'a', [a]);
  await until(() => a.steps > 0);
  await using _second = start(fixture.store, 'b', [b]);
  await first.stop();
  await until(() => b.steps > 0, TERM_MS);
});

test('a holder that falls silent is replaced after its term', async () => {
  await using fixture = await openStore();
  const silent: MetadataStore = {
    ...delegate(fixture.store),
    transact: async (fn) => {
      if (isSilent) throw new Error('no connection');
      return fixture.store.transact(fn);
    },
  };
  let isSilent = false;
  const [a, b] = [countingJob('sweep'), countingJob('sweep')];
  await using _first = start(silent, 'a', [a]);
  await until(() => a.steps > 0);
  await using _second = start(fixture.store, 'b', [b]);
  isSilent = true;
  await until(() => b.steps > 0);
  const { steps } = a;
  await sleep(50);
  assert.equal(a.steps, steps, 'the old holder must have stopped by itself');
});

test('a job that throws is retried, shown as failing, and leaves the others alone', async () => {
  await using fixture = await openStore();
  const failing = countingJob('failing', () => {
    throw new Error('disk on fire');
  });
  const healthy = countingJob('healthy');
  await using _running = start(fixture.store, 'a', [failing, healthy]);
  await until(() => failing.steps >= 3 && healthy.steps >= 10);
  await until(async () => (await listJobs(fixture.store)).length === 2);
  const [view] = await listJobs(fixture.store);
  assert.deepEqual([view?.name, view?.state, view?.error], ['failing', 'failing', 'disk on fire']);
});

test('a job that hangs does not hold up the others', async () => {
  await using fixture = await openStore();
  const { promise: hang, resolve: release } = Promise.withResolvers<boolean>();
  const healthy = countingJob('healthy');
  const running = start(fixture.store, 'a', [countingJob('hanging', () => hang), healthy]);
  await until(() => healthy.steps >= 10);
  release(false);
  await running.stop();
});

test('a paused job does not step until it is resumed', async () => {
  await using fixture = await openStore();
  await pauseJob(fixture.store, 'sweep', 0);
  const job = countingJob('sweep');
  await using _running = start(fixture.store, 'a', [job]);
  await until(async () => (await listJobs(fixture.store)).length === 1);
  await sleep(50);
  assert.equal(job.steps, 0);
  assert.equal((await listJobs(fixture.store))[0]?.paused, true);
  await resumeJob(fixture.store, 'sweep');
  await until(() => job.steps > 3);
});

function delegate(store: MetadataStore): MetadataStore {
  return {
    read: (fn) => store.read(fn),
    lookUp: store.lookUp.bind(store),
    transact: (fn) => store.transact(fn),
    ready: () => store.ready(),
    [Symbol.asyncDispose]: async () => undefined,
  };
}
