// What the reports page shows, as it stands in its address.
import type { ReportGroup, ReportKind } from '../../../src/console-api/contract/reports.ts';
import { type Measure, measuresOf } from './measures.ts';
import { DEFAULT_RANGE } from './range.ts';

export const kinds = ['usage', 'traffic', 'quota', 'requests'] as const satisfies readonly ReportKind[];
export const groups = ['all', 'region', 'class', 'project', 'bucket'] as const satisfies readonly ReportGroup[];
export const forms = ['line', 'column', 'table'] as const;
export type Form = (typeof forms)[number];

export type ReportSearch = {
  kind?: ReportKind;
  measure?: Measure;
  by?: ReportGroup;
  form?: Form;
  range?: string;
  /** absent: all */
  project?: string;
  region?: string;
};

const oneOf = <Name extends string>(names: readonly Name[], value: unknown): Name | undefined =>
  names.find((name) => name === value);

const text = (value: unknown): string | undefined => (typeof value === 'string' ? value : undefined);

/** What is not understood is left out. */
export function parseReportSearch(search: Record<string, unknown>): ReportSearch {
  const kind = oneOf(kinds, search['kind']);
  const found = {
    kind,
    measure: oneOf<Measure>(measuresOf[kind ?? 'usage'], search['measure']),
    by: oneOf(groups, search['by']),
    form: oneOf(forms, search['form']),
    range: text(search['range']),
    project: text(search['project']),
    region: text(search['region']),
  };
  return Object.fromEntries(Object.entries(found).filter(([, value]) => value !== undefined));
}

export function shownOf({ kind = 'usage', measure, by = 'all', form = 'line', range = DEFAULT_RANGE }: ReportSearch) {
  return { kind, measure: measure ?? measuresOf[kind][0], by, form, range };
}
