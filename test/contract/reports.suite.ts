// What reports are made of, on every engine of metadata.
import assert from 'node:assert/strict';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import type { MetadataStore } from '../../src/metadata/metadata-store.ts';
import { type ProjectRecord, projectKey } from '../../src/metadata/tables/identities.ts';
import { encodeRecord } from '../../src/metadata/tables/record.ts';
import { HOUR_MS } from '../../src/metadata/tables/reports.ts';
import { buildReport, type Report } from '../../src/reports/build-report.ts';
import { foldMeters } from '../../src/reports/fold-meters.ts';
import { openMeter } from '../../src/reports/meter-buffer.ts';
import { columnsOf, type ReportQuestion } from '../../src/reports/report.ts';
import { dropOldPoints, RETENTION_START, type RetentionPlace } from '../../src/reports/retention.ts';
import { sampleUsage } from '../../src/reports/sample-usage.ts';
import { type BucketId, newAccountId, newProjectId } from '../../src/shared/ids.ts';
import type { MetadataAdapter } from './adapters.ts';

const DAY_MS = 24 * HOUR_MS;
const MIDNIGHT = Date.UTC(2026, 0, 10);
const photos = { bucketId: '00000000000000aa' as BucketId, name: 'photos' };

export function reportsSuite(adapter: MetadataAdapter): void {
  test(`${adapter.name}: what workers count is added up once, by the hour and by the day, before and after it is folded`, async () => {
    await using folder = await temporaryFolder();
    await using store = await adapter.open(folder.path);
    const project = await putProject(store);
    const { projectId } = project;
    const time = { now: MIDNIGHT + 1 };
    const clock = () => time.now;
    const deps = { store, clock };
    const onError = (error: unknown): void => assert.fail(String(error));
    await using first = openMeter({ ...deps, holder: 'first', onError });
    await using second = openMeter({ ...deps, holder: 'second', onError });
    const count = (meter: typeof first, bucket: typeof photos | null, status = 200): void =>
      meter.count({ projectId, bucket, kind: 'write', status, bytesIn: 10, bytesOut: 3 });
    count(first, photos);
    count(first, null, 403);
    await first.flush();
    count(first, photos);
    count(second, photos);
    time.now += HOUR_MS;
    count(second, photos);
    await Promise.all([first.flush(), second.flush()]);
    const ask = async (more: Partial<ReportQuestion>): Promise<Report> =>
      buildReport(deps, { ...question(project), ...more });
    const check = async (): Promise<void> => {
      const traffic = await ask({ kind: 'traffic', step: 'hour', to: MIDNIGHT + 2 * HOUR_MS });
      assert.deepEqual(
        traffic.sum.map((values) => [...values]),
        [
          [40, 10],
          [12, 3],
        ],
      );
      const requests = await ask({ kind: 'requests' });
      assert.deepEqual(named('requests', requests), {
        read: 0,
        write: 5,
        list: 0,
        delete: 0,
        '2xx': 4,
        '3xx': 0,
        '4xx': 1,
        '5xx': 0,
      });
      const buckets = await ask({ kind: 'requests', by: 'bucket', step: 'hour' });
      assert.deepEqual(
        buckets.lines.map(({ label, values }) => [label, values[1]?.[0], values[1]?.[1]]),
        [['photos', 3, 1]],
      );
      const days = await ask({ kind: 'requests', utcOffsetHours: 7, from: MIDNIGHT - DAY_MS, to: MIDNIGHT + DAY_MS });
      assert.deepEqual([...(days.sum[1] ?? [])], [0, 5, 0], 'the day of UTC+7 began at 17:00 UTC');
    };
    await check();
    time.now = MIDNIGHT + 3 * HOUR_MS;
    let commits = 0;
    while (await foldMeters(deps)) commits++;
    assert.equal(commits, 2);
    await check();
    // a worker that comes late adds to what was folded
    time.now = MIDNIGHT;
    count(first, null);
    await first.flush();
    time.now = MIDNIGHT + 3 * HOUR_MS;
    while (await foldMeters(deps)) commits++;
    assert.equal(named('requests', await ask({ kind: 'requests' }))['write'], 6);
  });

  test(`${adapter.name}: usage is sampled once an hour; old hours go, days stay longer, a project that is gone leaves nothing`, async () => {
    await using folder = await temporaryFolder();
    await using store = await adapter.open(folder.path);
    const project = await putProject(store);
    const time = { now: MIDNIGHT };
    const deps = { store, clock: () => time.now };
    const sample = async (): Promise<number> => {
      let steps = 0;
      while (await sampleUsage(deps)) steps++;
      return steps;
    };
    assert.equal(await sample(), 1);
    assert.equal(await sample(), 0);
    time.now += HOUR_MS;
    const smaller: ProjectRecord = { ...project, quotaBytes: 500 };
    await store.transact(async (transaction) => transaction.put(projectKey(project.projectId), encodeRecord(smaller)));
    assert.equal(await sample(), 1);
    const quota = async (step: 'hour' | 'day'): Promise<number[]> => {
      const asked = { ...question(project), kind: 'quota', step, to: MIDNIGHT + 3 * HOUR_MS } as const;
      return [...((await buildReport(deps, asked)).sum[0] ?? [])];
    };
    time.now += DAY_MS;
    assert.deepEqual(await quota('hour'), [1000, 500, Number.NaN]);
    assert.deepEqual(await quota('day'), [1000]);
    const drop = async (): Promise<void> => {
      let place: RetentionPlace | null = RETENTION_START;
      while (place !== null) place = await dropOldPoints(deps, place);
    };
    time.now = MIDNIGHT + 101 * DAY_MS;
    await drop();
    assert.deepEqual(await quota('hour'), [Number.NaN, Number.NaN, Number.NaN]);
    assert.deepEqual(await quota('day'), [1000]);
    await store.transact(async (transaction) => transaction.delete(projectKey(project.projectId)));
    await drop();
    assert.deepEqual(await quota('day'), [Number.NaN]);
  });
}

function named(kind: 'requests', { sum }: Report): Record<string, number> {
  return Object.fromEntries(
    columnsOf[kind].map((column, place) => [column, sum[place]?.reduce((a, b) => a + b, 0) ?? 0]),
  );
}

const question = (project: ProjectRecord): ReportQuestion => ({
  kind: 'usage',
  step: 'day',
  by: 'all',
  from: MIDNIGHT,
  to: MIDNIGHT + DAY_MS,
  utcOffsetHours: 0,
  bucket: null,
  projects: [project],
});

async function putProject(store: MetadataStore): Promise<ProjectRecord> {
  const facts = {
    name: 'one',
    region: 'HAN02',
    class: 'gold',
    quotaBytes: 1000,
    createdAt: 0,
    trashedAt: null,
  } as const;
  const project: ProjectRecord = { v: 1, projectId: newProjectId(), accountId: newAccountId(), ...facts };
  await store.transact(async (transaction) => transaction.put(projectKey(project.projectId), encodeRecord(project)));
  return project;
}

async function temporaryFolder(): Promise<AsyncDisposable & { readonly path: string }> {
  const path = await mkdtemp(join(tmpdir(), 'reports_'));
  return { path, [Symbol.asyncDispose]: () => rm(path, { recursive: true, force: true }) };
}
