// What of a report a chart shows: its columns side by side, or one figure for each region, project or bucket.
import type { ReportKind, ReportView } from '../../../src/console-api/contract/reports.ts';

export const measuresOf = {
  usage: ['bytes', 'objects'],
  quota: ['quota'],
  traffic: ['traffic', 'in', 'out'],
  requests: ['requests', 'status', 'errors'],
} as const satisfies Record<ReportKind, readonly string[]>;
export type Measure = (typeof measuresOf)[ReportKind][number];

const columns = {
  bytes: ['bytes'],
  objects: ['objects'],
  quota: ['quotaBytes', 'usedBytes'],
  traffic: ['bytesIn', 'bytesOut'],
  in: ['bytesIn'],
  out: ['bytesOut'],
  requests: ['read', 'write', 'list', 'delete'],
  status: ['2xx', '3xx', '4xx', '5xx'],
  errors: ['4xx', '5xx'],
} as const satisfies Record<Measure, readonly string[]>;
export type ReportColumn = (typeof columns)[Measure][number];

export const isBytes = (measure: Measure): boolean => !['objects', 'requests', 'status', 'errors'].includes(measure);

export type Series = {
  readonly id: string;
  /** of a column; null: `label` is a name */
  readonly column: ReportColumn | null;
  readonly label: string;
  readonly values: readonly (number | null)[];
  /** the largest, or the sum */
  readonly total: number;
};

export function seriesOf(report: ReportView, measure: Measure): Series[] {
  const wanted = columns[measure];
  const { sum, by, lines } = report;
  if (by === 'all') {
    return wanted.map((column) => {
      const values = sum.values[column] ?? [];
      return { id: column, column, label: column, values, total: sum.total[column] ?? 0 };
    });
  }
  // a quota and what is used of it do not add up
  const added = measure === 'quota' ? wanted.slice(0, 1) : wanted;
  return lines.map((line) => {
    const values = report.times.map((_, slot) => addUp(added.map((column) => line.values[column]?.[slot] ?? null)));
    const total = added.reduce((all, column) => all + (line.total[column] ?? 0), 0);
    return { id: line.id, column: null, label: nameOf(line), values, total };
  });
}

const nameOf = ({ label, projectName }: ReportView['lines'][number]): string =>
  projectName === null || projectName === label ? label : `${label} (${projectName})`;

function addUp(values: readonly (number | null)[]): number | null {
  const known = values.filter((value) => value !== null);
  return known.length === 0 ? null : known.reduce((all, value) => all + value, 0);
}

/** More lines than that cannot be told apart: the rest becomes one. */
export const MOST_SERIES = 6;

export function fewSeries(all: readonly Series[], others: string): Series[] {
  if (all.length <= MOST_SERIES) return [...all];
  const rest = all.slice(MOST_SERIES - 1);
  const slots = rest[0]?.values.length ?? 0;
  const values = Array.from({ length: slots }, (_, slot) => addUp(rest.map((one) => one.values[slot] ?? null)));
  const total = rest.reduce((sum, one) => sum + one.total, 0);
  return [...all.slice(0, MOST_SERIES - 1), { id: 'others', column: null, label: others, values, total }];
}
