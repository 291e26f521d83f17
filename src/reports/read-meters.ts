// Requests and bytes of a project, or of each of its buckets, as of one moment: what is added up already, and what the
// workers have counted since.
import { keyAfter, prefixEnd, tables } from '../metadata/keys.ts';
import type { Bytes, Entry, Snapshot } from '../metadata/metadata-store.ts';
import {
  freshMeterRange,
  type FreshMeterRecord,
  type MeteredBucket,
  type MeterRecord,
  pointsRange,
  projectPointsRange,
  readFreshMeterKey,
  readPointKey,
  seriesRange,
  type Step,
} from '../metadata/tables/reports.ts';
import { decodeRecord } from '../metadata/tables/record.ts';
import type { ProjectId } from '../shared/ids.ts';
import { BYTES_IN, BYTES_OUT, requestKinds, requestsOf, statusClasses } from './meter.ts';
import { columnsOf, emptyValues, slotAt, type Slots } from './report.ts';

const PAGE_ROWS = 1000;

export type BucketValues = { name: string | null; readonly values: Float64Array[] };
type Kind = 'traffic' | 'requests';
type Sums = Map<MeteredBucket, BucketValues>;

/** Of the project as a whole under '', or of its buckets. */
export async function readMeters(
  snapshot: Snapshot,
  projectId: ProjectId,
  question: { readonly kind: Kind; readonly slots: Slots; readonly byBucket: boolean },
): Promise<Sums> {
  const { kind, slots, byBucket } = question;
  const step: Step = slots.areUtcDays ? 'day' : 'hour';
  const sums: Sums = new Map();
  const add = (bucket: MeteredBucket, hour: number, record: MeterRecord): void => {
    const slot = slotAt(slots, hour);
    if (slot < 0) return;
    const sum = sums.get(bucket) ?? { name: null, values: emptyValues(columnsOf[kind].length, slots.starts.length, 0) };
    sums.set(bucket, sum);
    sum.name = record.name ?? sum.name;
    for (const [column, value] of valuesOf(kind, record).entries()) {
      const target = sum.values[column];
      if (target !== undefined) target[slot] = (target[slot] ?? 0) + value;
    }
  };
  const buckets = byBucket ? await bucketsWithPoints(snapshot, tables.meter, step, projectId) : ['' as const];
  const from = slots.starts[0] ?? 0;
  for (const bucket of buckets) {
    const range = pointsRange(tables.meter, step, { projectId, bucket }, from, slots.end);
    for await (const { key, value } of rowsOf(snapshot, range)) add(bucket, readPointKey(key).at, decodeRecord(value));
  }
  for await (const { key, value } of rowsOf(snapshot, freshMeterRange(projectId))) {
    const { bucket, hour } = readFreshMeterKey(key);
    if ((bucket === '') !== byBucket) add(bucket, hour, decodeRecord<FreshMeterRecord>(value));
  }
  return sums;
}

function valuesOf(kind: Kind, { counts }: MeterRecord): number[] {
  if (kind === 'traffic') return [counts[BYTES_IN] ?? 0, counts[BYTES_OUT] ?? 0];
  return [
    ...requestKinds.map((requestKind) => requestsOf(counts, { kind: requestKind })),
    ...statusClasses.map((statusClass) => requestsOf(counts, { statusClass })),
  ];
}

export async function* rowsOf(snapshot: Snapshot, range: { start: Bytes; end: Bytes }): AsyncGenerator<Entry> {
  let { start } = range;
  for (;;) {
    const rows = await snapshot.range({ start, end: range.end, limit: PAGE_ROWS });
    yield* rows;
    const last = rows.at(-1);
    if (last === undefined || rows.length < PAGE_ROWS) return;
    start = keyAfter(last.key);
  }
}

/** Seeks from one series to the next. */
export async function bucketsWithPoints(
  snapshot: Snapshot,
  table: typeof tables.meter | typeof tables.usageHistory,
  step: Step,
  projectId: ProjectId,
): Promise<MeteredBucket[]> {
  const { start: first, end } = projectPointsRange(table, step, projectId);
  const buckets: MeteredBucket[] = [];
  let start = first;
  for (;;) {
    const [row] = await snapshot.range({ start, end, limit: 1, keysOnly: true });
    if (row === undefined) return buckets;
    const { bucket } = readPointKey(row.key);
    if (bucket !== '') buckets.push(bucket);
    start = prefixEnd(seriesRange(table, step, { projectId, bucket }).start);
  }
}
