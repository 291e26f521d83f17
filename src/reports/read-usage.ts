// What a project, or each of its buckets, held: of every slot the most that was seen, and in the present one what it
// holds now.
import { tables } from '../metadata/keys.ts';
import type { Snapshot } from '../metadata/metadata-store.ts';
import type { ProjectRecord } from '../metadata/tables/identities.ts';
import {
  hourOf,
  type MeteredBucket,
  pointsRange,
  readPointKey,
  type Step,
  type UsageRecord,
} from '../metadata/tables/reports.ts';
import { decodeRecord } from '../metadata/tables/record.ts';
import { type BucketValues, bucketsWithPoints, rowsOf } from './read-meters.ts';
import { columnsOf, emptyValues, slotAt, type Slots } from './report.ts';
import { readBucketSamples, readProjectSample, type Sample } from './sample-usage.ts';

type Kind = 'usage' | 'quota';
type Sums = Map<MeteredBucket, BucketValues>;

export async function readUsageHistory(
  snapshot: Snapshot,
  project: ProjectRecord,
  question: { readonly kind: Kind; readonly slots: Slots; readonly byBucket: boolean; readonly now: number },
): Promise<Sums> {
  const { kind, slots, byBucket, now } = question;
  const { projectId } = project;
  const step: Step = slots.areUtcDays ? 'day' : 'hour';
  const sums: Sums = new Map();
  const raise = (bucket: MeteredBucket, hour: number, record: UsageRecord): void => {
    const slot = slotAt(slots, hour);
    if (slot < 0) return;
    const columns = columnsOf[kind].length;
    const sum = sums.get(bucket) ?? { name: null, values: emptyValues(columns, slots.starts.length, Number.NaN) };
    sums.set(bucket, sum);
    sum.name = record.name ?? sum.name;
    for (const [column, value] of valuesOf(kind, record).entries()) {
      const target = sum.values[column];
      if (target !== undefined)
        target[slot] = Math.max(Number.isNaN(target[slot] ?? 0) ? 0 : (target[slot] ?? 0), value);
    }
  };
  const buckets = byBucket ? await bucketsWithPoints(snapshot, tables.usageHistory, step, projectId) : ['' as const];
  const from = slots.starts[0] ?? 0;
  for (const bucket of buckets) {
    const range = pointsRange(tables.usageHistory, step, { projectId, bucket }, from, slots.end);
    for await (const { key, value } of rowsOf(snapshot, range))
      raise(bucket, readPointKey(key).at, decodeRecord(value));
  }
  if (slotAt(slots, hourOf(now)) >= 0) {
    for (const { bucket, ...sample } of await samplesNow(snapshot, project, byBucket))
      raise(bucket, hourOf(now), sample);
  }
  return sums;
}

function valuesOf(kind: Kind, { bytes, objects, peakBytes, peakObjects, quotaBytes }: UsageRecord): number[] {
  return kind === 'usage' ? [peakBytes ?? bytes, peakObjects ?? objects] : [quotaBytes ?? 0, peakBytes ?? bytes];
}

async function samplesNow(snapshot: Snapshot, project: ProjectRecord, byBucket: boolean): Promise<Sample[]> {
  if (!byBucket) return [await readProjectSample(snapshot, project)];
  const samples: Sample[] = [];
  let after: string | null = '';
  while (after !== null) {
    const page: Awaited<ReturnType<typeof readBucketSamples>> = await readBucketSamples(snapshot, project, after);
    samples.push(...page.samples);
    after = page.last;
  }
  return samples;
}
