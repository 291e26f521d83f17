// Brings what the workers counted in an hour that is over into one row per bucket and hour, and one per day.
import type { MetadataStore, Transaction } from '../metadata/metadata-store.ts';
import { keyAfter, tables } from '../metadata/keys.ts';
import {
  firstHourOfDay,
  type FreshMeterRecord,
  freshHourRange,
  freshMeterRange,
  HOUR_MS,
  type MeteredBucket,
  type MeterRecord,
  pointKey,
  readFreshMeterKey,
  type Step,
} from '../metadata/tables/reports.ts';
import { decodeRecord, encodeRecord } from '../metadata/tables/record.ts';
import type { Clock } from '../shared/clock.ts';
import type { ProjectId } from '../shared/ids.ts';
import { addTo, noCounts } from './meter.ts';

/** Clocks of machines differ, and a worker may have been late. */
const SETTLED_AFTER_MS = 15 * 60_000;
const PAGE_ROWS = 500;
const ROWS_PER_COMMIT = 200;

type Deps = { readonly store: MetadataStore; readonly clock: Clock };
type Hour = { readonly projectId: ProjectId; readonly hour: number };

/** One commit; says whether there was anything to do. */
export async function foldMeters(deps: Deps): Promise<boolean> {
  const due = await findSettled(deps);
  if (due === undefined) return false;
  await deps.store.transact((transaction) => fold(transaction, due));
  return true;
}

/** What is fresh is of two hours at most, unless this job stood still. */
async function findSettled({ store, clock }: Deps): Promise<Hour | undefined> {
  const { end, start: first } = freshMeterRange();
  let start = first;
  for (;;) {
    const rows = await store.read((snapshot) => snapshot.range({ start, end, limit: PAGE_ROWS, keysOnly: true }));
    const found = rows
      .map(({ key }) => readFreshMeterKey(key))
      .find(({ hour }) => clock() >= (hour + 1) * HOUR_MS + SETTLED_AFTER_MS);
    const last = rows.at(-1);
    if (found !== undefined || last === undefined || rows.length < PAGE_ROWS) return found;
    start = keyAfter(last.key);
  }
}

async function fold(transaction: Transaction, { projectId, hour }: Hour): Promise<void> {
  const rows = await transaction.range({ ...freshHourRange(projectId, hour), limit: ROWS_PER_COMMIT });
  const sums = new Map<MeteredBucket, MeterRecord>();
  for (const { key, value } of rows) {
    const { bucket } = readFreshMeterKey(key);
    sums.set(bucket, sumOf(sums.get(bucket), decodeRecord<FreshMeterRecord>(value)));
    transaction.delete(key);
  }
  for (const [bucket, sum] of sums) {
    await addPoint(transaction, 'hour', { projectId, bucket, at: hour }, sum);
    await addPoint(transaction, 'day', { projectId, bucket, at: firstHourOfDay(hour) }, sum);
  }
}

function sumOf(known: MeterRecord | undefined, { counts, name }: MeterRecord): MeterRecord {
  const sum = noCounts();
  if (known !== undefined) addTo(sum, known.counts);
  addTo(sum, counts);
  return { v: 1, counts: sum, ...(name === undefined ? {} : { name }) };
}

type Point = { readonly projectId: ProjectId; readonly bucket: MeteredBucket; readonly at: number };

async function addPoint(transaction: Transaction, step: Step, point: Point, added: MeterRecord): Promise<void> {
  const key = pointKey(tables.meter, step, point, point.at);
  const value = await transaction.get(key);
  const known = value === undefined ? undefined : decodeRecord<MeterRecord>(value);
  transaction.put(key, encodeRecord(sumOf(known, added)));
}
