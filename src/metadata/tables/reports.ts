// What reports are made of: requests and bytes that were counted, and what was stored at each hour. Hours are whole
// hours since 1970, days begin at midnight UTC.
import type { BucketId, ProjectId } from '../../shared/ids.ts';
import { encodeKey, KeyReader, prefixRange, tables } from '../keys.ts';
import type { Bytes } from '../metadata-store.ts';

export const HOUR_MS = 3_600_000;
export const HOURS_PER_DAY = 24;

/** The bucket of a row: its id, or '' for the project as a whole, which requests without a bucket are part of too. */
export type MeteredBucket = BucketId | '';

/** requests by kind and status class, then bytes in and bytes out: the order of `meterFields` (reports/meter.ts) */
export type Counts = readonly number[];

export type MeterRecord = {
  readonly v: 1;
  readonly counts: Counts;
  /** of the bucket, for when it is gone; absent of a project as a whole */
  readonly name?: string;
};

/** What one worker counted in one hour; `batch` is the last that is in it. */
export type FreshMeterRecord = MeterRecord & { readonly batch: number };

export type UsageRecord = {
  readonly v: 1;
  readonly bytes: number;
  readonly objects: number;
  /** the most bytes and objects of the day; absent of an hour */
  readonly peakBytes?: number;
  readonly peakObjects?: number;
  /** of a project as a whole; of a day its largest */
  readonly quotaBytes?: number;
  readonly name?: string;
};

export type Step = 'hour' | 'day';
type Bounds = { start: Bytes; end: Bytes };

/** value: FreshMeterRecord; a worker writes only rows of its own, so that workers never meet */
export const freshMeterKey = (projectId: ProjectId, hour: number, bucket: MeteredBucket, holder: string): Bytes =>
  encodeKey(tables.meter, 'fresh', projectId, BigInt(hour), bucket, holder);
export const freshMeterRange = (projectId?: ProjectId): Bounds =>
  projectId === undefined ? prefixRange(tables.meter, 'fresh') : prefixRange(tables.meter, 'fresh', projectId);
export const freshHourRange = (projectId: ProjectId, hour: number): Bounds =>
  prefixRange(tables.meter, 'fresh', projectId, BigInt(hour));
export function readFreshMeterKey(key: Bytes): { projectId: ProjectId; hour: number; bucket: MeteredBucket } {
  const reader = new KeyReader(key);
  reader.text();
  const projectId = reader.text() as ProjectId;
  return { projectId, hour: Number(reader.uint()), bucket: reader.text() as MeteredBucket };
}

type Series = { readonly projectId: ProjectId; readonly bucket: MeteredBucket };
type SeriesTable = typeof tables.meter | typeof tables.usageHistory;

/** value: MeterRecord or UsageRecord; `at` is an hour, of a day its first */
export const pointKey = (table: SeriesTable, step: Step, { projectId, bucket }: Series, at: number): Bytes =>
  encodeKey(table, step, projectId, bucket, BigInt(at));
export const pointsRange = (
  table: SeriesTable,
  step: Step,
  { projectId, bucket }: Series,
  from: number,
  to: number,
): Bounds => ({
  start: encodeKey(table, step, projectId, bucket, BigInt(from)),
  end: encodeKey(table, step, projectId, bucket, BigInt(to)),
});
export const seriesRange = (table: SeriesTable, step: Step, { projectId, bucket }: Series): Bounds =>
  prefixRange(table, step, projectId, bucket);
export const allPointsRange = (table: SeriesTable, step: Step): Bounds => prefixRange(table, step);
export const projectPointsRange = (table: SeriesTable, step: Step, projectId: ProjectId): Bounds =>
  prefixRange(table, step, projectId);
export function readPointKey(key: Bytes): Series & { readonly at: number } {
  const reader = new KeyReader(key);
  reader.text();
  const projectId = reader.text() as ProjectId;
  const bucket = reader.text() as MeteredBucket;
  return { projectId, bucket, at: Number(reader.uint()) };
}

export const firstHourOfDay = (hour: number): number => hour - (hour % HOURS_PER_DAY);
export const hourOf = (timeMs: number): number => Math.floor(timeMs / HOUR_MS);
