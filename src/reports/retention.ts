// Deletes hours and days that are too old, and everything of projects that are gone.
import { encodeKey, keyAfter, prefixEnd, tables } from '../metadata/keys.ts';
import type { Bytes, MetadataStore, Snapshot } from '../metadata/metadata-store.ts';
import { projectKey } from '../metadata/tables/identities.ts';
import {
  allPointsRange,
  HOURS_PER_DAY,
  hourOf,
  pointsRange,
  readPointKey,
  seriesRange,
  type Step,
} from '../metadata/tables/reports.ts';
import type { Clock } from '../shared/clock.ts';

export const KEPT_DAYS: Readonly<Record<Step, number>> = { hour: 100, day: 800 };

const SERIES_PER_STEP = 100;
const ROWS_PER_COMMIT = 500;
const walks = [
  { table: tables.meter, step: 'hour' },
  { table: tables.meter, step: 'day' },
  { table: tables.usageHistory, step: 'hour' },
  { table: tables.usageHistory, step: 'day' },
] as const;
type Walk = (typeof walks)[number];

type Deps = { readonly store: MetadataStore; readonly clock: Clock };
/** Where the walk over all series stands. */
export type RetentionPlace = { readonly walk: number; readonly start: Bytes | null };

export const RETENTION_START: RetentionPlace = { walk: 0, start: null };

/** Some series; null: the walk is over. */
export async function dropOldPoints(deps: Deps, place: RetentionPlace): Promise<RetentionPlace | null> {
  const walk = walks[place.walk];
  if (walk === undefined) return null;
  let start = place.start;
  for (let series = 0; series < SERIES_PER_STEP; series++) {
    start = await dropOfSeries(deps, walk, start ?? allPointsRange(walk.table, walk.step).start);
    if (start === null) return { walk: place.walk + 1, start: null };
  }
  return { walk: place.walk, start };
}

/** Of the first series from `start` on; answers where the next begins. */
async function dropOfSeries({ store, clock }: Deps, { table, step }: Walk, start: Bytes): Promise<Bytes | null> {
  const { end } = allPointsRange(table, step);
  const [first] = await store.read((snapshot) => snapshot.range({ start, end, limit: 1, keysOnly: true }));
  if (first === undefined) return null;
  const series = readPointKey(first.key);
  const oldest = hourOf(clock()) - KEPT_DAYS[step] * HOURS_PER_DAY;
  const isGone = await store.read(async (snapshot) => (await snapshot.get(projectKey(series.projectId))) === undefined);
  const old = isGone ? seriesRange(table, step, series) : pointsRange(table, step, series, 0, Math.max(oldest, 0));
  await deleteRange(store, old);
  return prefixEnd(encodeKey(table, step, series.projectId, series.bucket));
}

async function deleteRange(store: MetadataStore, { start, end }: { start: Bytes; end: Bytes }): Promise<void> {
  const find = (snapshot: Snapshot) => snapshot.range({ start, end, limit: ROWS_PER_COMMIT, keysOnly: true });
  for (;;) {
    const rows = await store.read(find);
    if (rows.length > 0) {
      await store.transact(async (transaction) => {
        for (const { key } of rows) transaction.delete(key);
      });
    }
    const last = rows.at(-1);
    if (last === undefined || rows.length < ROWS_PER_COMMIT) return;
    start = keyAfter(last.key);
  }
}
