// What a report is asked for and what it answers with.
import type { ProjectRecord } from '../metadata/tables/identities.ts';
import { HOUR_MS, HOURS_PER_DAY } from '../metadata/tables/reports.ts';
import { ProblemError } from '../shared/errors.ts';
import { KEPT_DAYS } from './retention.ts';

export const columnsOf = {
  usage: ['bytes', 'objects'],
  quota: ['quotaBytes', 'usedBytes'],
  traffic: ['bytesIn', 'bytesOut'],
  requests: ['read', 'write', 'list', 'delete', '2xx', '3xx', '4xx', '5xx'],
} as const;
export type ReportKind = keyof typeof columnsOf;
export type ReportStep = 'hour' | 'day' | 'total';
export type ReportBy = 'all' | 'region' | 'class' | 'project' | 'bucket';

export type ReportQuestion = {
  readonly kind: ReportKind;
  readonly step: ReportStep;
  readonly by: ReportBy;
  /** ms since 1970 */
  readonly from: number;
  readonly to: number;
  /** of the days: 7 means that a day begins at midnight of UTC+7 */
  readonly utcOffsetHours: number;
  readonly projects: readonly ProjectRecord[];
  /** only this one */
  readonly bucket: string | null;
};

/** Slots of time, in hours since 1970; the last ends at `end`. */
export type Slots = {
  readonly starts: readonly number[];
  readonly end: number;
  /** whole days of UTC: rows of days will do */
  readonly areUtcDays: boolean;
};

const MAX_SLOTS = KEPT_DAYS.hour * HOURS_PER_DAY;
const MAX_DAYS = KEPT_DAYS.day;

export function slotsOf({ step, from, to, utcOffsetHours }: ReportQuestion): Slots {
  const first = Math.floor(from / HOUR_MS);
  const last = Math.ceil(to / HOUR_MS);
  if (last <= first) throw wrongRange('A report ends after it begins.');
  if ((last - first) / HOURS_PER_DAY > MAX_DAYS + 1) throw wrongRange(`A report is of ${MAX_DAYS} days at most.`);
  if (step === 'hour') {
    if (last - first > MAX_SLOTS)
      throw wrongRange(`A report by the hour is of ${KEPT_DAYS.hour} days at most: ask for step=day.`);
    return { starts: steps(first, last, 1), end: last, areUtcDays: false };
  }
  const midnight = dayStart(first, utcOffsetHours);
  const end = dayStart(last + HOURS_PER_DAY - 1, utcOffsetHours);
  // Hours are not kept as long as days are: an older report is of days of UTC.
  const areUtcDays = (utcOffsetHours === 0 && (step === 'day' || midnight === first)) || last - first > MAX_SLOTS;
  if (step === 'day') {
    const [start, stop] = areUtcDays ? [dayStart(first, 0), dayStart(last + HOURS_PER_DAY - 1, 0)] : [midnight, end];
    return { starts: steps(start, stop, HOURS_PER_DAY), end: stop, areUtcDays };
  }
  return {
    starts: [first],
    end: last,
    areUtcDays: areUtcDays && (last % HOURS_PER_DAY === 0 || last - first > MAX_SLOTS),
  };
}

const dayStart = (hour: number, offset: number): number =>
  Math.floor((hour + offset) / HOURS_PER_DAY) * HOURS_PER_DAY - offset;

const steps = (from: number, to: number, by: number): number[] =>
  Array.from({ length: Math.ceil((to - from) / by) }, (_, slot) => from + slot * by);

const wrongRange = (message: string): ProblemError =>
  new ProblemError(400, 'invalid-range', message, { field: 'from' });

/** −1: outside. */
export function slotAt({ starts, end }: Slots, hour: number): number {
  const first = starts[0] ?? 0;
  if (hour < first || hour >= end) return -1;
  const width = (starts[1] ?? end) - first || 1;
  return Math.floor((hour - first) / width);
}

/** One line of the report: `values[column][slot]`; NaN: nothing is known. */
export type Line = {
  readonly id: string;
  readonly label: string;
  readonly project: ProjectRecord | null;
  readonly values: readonly Float64Array[];
};

export const emptyValues = (columns: number, slots: number, fill: number): Float64Array[] =>
  Array.from({ length: columns }, () => new Float64Array(slots).fill(fill));

/** What is not known adds nothing, and stays unknown when nothing is. */
export function addValues(sum: readonly Float64Array[], values: readonly Float64Array[]): void {
  for (const [column, target] of sum.entries()) {
    const source = values[column];
    if (source === undefined) continue;
    for (let slot = 0; slot < target.length; slot++) {
      const value = source[slot] ?? Number.NaN;
      if (Number.isNaN(value)) continue;
      const known = target[slot] ?? Number.NaN;
      target[slot] = Number.isNaN(known) ? value : known + value;
    }
  }
}
