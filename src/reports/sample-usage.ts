// Writes down, once an hour, how much every project and bucket holds.
import type { MetadataStore, Snapshot, Transaction } from '../metadata/metadata-store.ts';
import { encodeKey, keyAfter, prefixRange, tables } from '../metadata/keys.ts';
import type { ProjectRecord } from '../metadata/tables/identities.ts';
import {
  bucketByProjectRange,
  bucketKey,
  type BucketRecord,
  readBucketByProjectKey,
} from '../metadata/tables/objects.ts';
import { firstHourOfDay, hourOf, type MeteredBucket, pointKey, type UsageRecord } from '../metadata/tables/reports.ts';
import { decodeRecord, encodeRecord } from '../metadata/tables/record.ts';
import { readUsage } from '../projects/usage.ts';
import type { Clock } from '../shared/clock.ts';
import type { ProjectId } from '../shared/ids.ts';

type Deps = { readonly store: MetadataStore; readonly clock: Clock };

const PROJECTS_PER_STEP = 20;
const BUCKETS_PER_COMMIT = 200;
const progressKey = encodeKey(tables.usageHistory, 'progress');
/** `after`: the last project whose sample of this hour stands; null: all do */
type Progress = { readonly v: 1; readonly hour: number; readonly after: string | null };

export type Sample = { readonly bucket: MeteredBucket } & UsageRecord;

/** A few projects; says whether there was anything to do. */
export async function sampleUsage(deps: Deps): Promise<boolean> {
  const hour = hourOf(deps.clock());
  const progress = await deps.store.read(readProgress);
  if (progress !== undefined && progress.hour === hour && progress.after === null) return false;
  const after = progress?.hour === hour ? (progress.after ?? '') : '';
  const projects = await deps.store.read((snapshot) => projectsAfter(snapshot, after));
  for (const project of projects) await sampleProject(deps, project, hour);
  const last = projects.length < PROJECTS_PER_STEP ? null : (projects.at(-1)?.projectId ?? null);
  const next: Progress = { v: 1, hour, after: last };
  await deps.store.transact(async (transaction) => transaction.put(progressKey, encodeRecord(next)));
  return true;
}

async function readProgress(snapshot: Snapshot): Promise<Progress | undefined> {
  const value = await snapshot.get(progressKey);
  return value === undefined ? undefined : decodeRecord<Progress>(value);
}

async function projectsAfter(snapshot: Snapshot, after: string): Promise<ProjectRecord[]> {
  const { start, end } = prefixRange(tables.project);
  const from = after === '' ? start : keyAfter(encodeKey(tables.project, after));
  const rows = await snapshot.range({ start: from, end, limit: PROJECTS_PER_STEP });
  return rows.map(({ value }) => decodeRecord<ProjectRecord>(value));
}

async function sampleProject(deps: Deps, project: ProjectRecord, hour: number): Promise<void> {
  const { projectId } = project;
  const samples = [await deps.store.read((snapshot) => readProjectSample(snapshot, project))];
  await deps.store.transact((transaction) => putSamples(transaction, projectId, hour, samples));
  let name = '';
  for (;;) {
    const start = name;
    const page = await deps.store.read((snapshot) => readBucketSamples(snapshot, project, start));
    await deps.store.transact((transaction) => putSamples(transaction, projectId, hour, page.samples));
    if (page.last === null) return;
    name = page.last;
  }
}

export async function readProjectSample(snapshot: Snapshot, project: ProjectRecord): Promise<Sample> {
  const { projectId, quotaBytes } = project;
  return { v: 1, bucket: '', ...(await readUsage(snapshot, { project: projectId })), quotaBytes };
}

type SamplePage = { readonly samples: readonly Sample[]; readonly last: string | null };

/** Of the buckets whose names come after this one. */
export async function readBucketSamples(
  snapshot: Snapshot,
  { projectId, region }: ProjectRecord,
  after: string,
): Promise<SamplePage> {
  const { start, end } = bucketByProjectRange(projectId);
  const from = after === '' ? start : keyAfter(bucketByProjectRange(projectId, after).start);
  const rows = await snapshot.range({ start: from, end, limit: BUCKETS_PER_COMMIT });
  const names = rows.map(({ key }) => readBucketByProjectKey(key));
  const values = await snapshot.getMany(names.map((name) => bucketKey(region, name)));
  const buckets = values.flatMap((value) => (value === undefined ? [] : [decodeRecord<BucketRecord>(value)]));
  const samples = await Promise.all(
    buckets.map(async ({ bucketId, name }): Promise<Sample> => {
      return { v: 1, bucket: bucketId, name, ...(await readUsage(snapshot, { bucket: bucketId })) };
    }),
  );
  return { samples, last: rows.length < BUCKETS_PER_COMMIT ? null : (names.at(-1) ?? null) };
}

async function putSamples(
  transaction: Transaction,
  projectId: ProjectId,
  hour: number,
  samples: readonly Sample[],
): Promise<void> {
  for (const { bucket, ...sample } of samples) {
    const series = { projectId, bucket };
    transaction.put(pointKey(tables.usageHistory, 'hour', series, hour), encodeRecord(sample));
    const dayKey = pointKey(tables.usageHistory, 'day', series, firstHourOfDay(hour));
    const value = await transaction.get(dayKey);
    const day = value === undefined ? undefined : decodeRecord<UsageRecord>(value);
    transaction.put(dayKey, encodeRecord(dayWith(day, sample)));
  }
}

/** The last of the day, and its largest. */
export function dayWith(day: UsageRecord | undefined, sample: UsageRecord): UsageRecord {
  const peakBytes = Math.max(day?.peakBytes ?? 0, sample.bytes);
  const peakObjects = Math.max(day?.peakObjects ?? 0, sample.objects);
  const quotaBytes = Math.max(day?.quotaBytes ?? 0, sample.quotaBytes ?? 0);
  return { ...sample, peakBytes, peakObjects, ...(sample.quotaBytes === undefined ? {} : { quotaBytes }) };
}
