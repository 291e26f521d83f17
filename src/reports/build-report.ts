// Puts a report together: a line per region, class, project or bucket, and their sum.
import type { MetadataStore } from '../metadata/metadata-store.ts';
import type { ProjectRecord } from '../metadata/tables/identities.ts';
import type { Clock } from '../shared/clock.ts';
import { type BucketValues, readMeters } from './read-meters.ts';
import { readUsageHistory } from './read-usage.ts';
import { addValues, columnsOf, emptyValues, type Line, type ReportQuestion, type Slots, slotsOf } from './report.ts';

type Deps = { readonly store: MetadataStore; readonly clock: Clock };

export type Report = {
  readonly slots: Slots;
  /** largest first */
  readonly lines: readonly Line[];
  readonly sum: readonly Float64Array[];
};

/** More lines than that are of no use to anybody: the smallest become one. */
const MAX_LINES = 100;

export async function buildReport(deps: Deps, question: ReportQuestion): Promise<Report> {
  const slots = slotsOf(question);
  const lines = new Map<string, Line>();
  for (const project of question.projects) {
    const found = await readProject(deps, project, question, slots);
    for (const line of linesOf(question, project, found)) addLine(lines, line);
    if (lines.size > 2 * MAX_LINES) mergeSmallest(lines, question);
  }
  if (lines.size > MAX_LINES) mergeSmallest(lines, question);
  const sum = emptyValues(columnsOf[question.kind].length, slots.starts.length, isState(question) ? Number.NaN : 0);
  for (const { values } of lines.values()) addValues(sum, values);
  return { slots, lines: [...lines.values()].sort((a, b) => weightOf(b, question) - weightOf(a, question)), sum };
}

/** What is stored has a largest value, what happens has a sum. */
export const isState = ({ kind }: Pick<ReportQuestion, 'kind'>): boolean => kind === 'usage' || kind === 'quota';

export function totalOf(values: Float64Array, question: Pick<ReportQuestion, 'kind'>): number {
  let total = 0;
  for (const value of values) {
    if (!Number.isNaN(value)) total = isState(question) ? Math.max(total, value) : total + value;
  }
  return total;
}

function readProject({ store, clock }: Deps, project: ProjectRecord, question: ReportQuestion, slots: Slots) {
  const { kind, by, bucket } = question;
  const byBucket = by === 'bucket' || bucket !== null;
  return store.read((snapshot) =>
    kind === 'usage' || kind === 'quota'
      ? readUsageHistory(snapshot, project, { kind, slots, byBucket, now: clock() })
      : readMeters(snapshot, project.projectId, { kind, slots, byBucket }),
  );
}

function linesOf(
  { by, bucket: wanted }: ReportQuestion,
  project: ProjectRecord,
  found: ReadonlyMap<string, BucketValues>,
): Line[] {
  const { projectId, name, region } = project;
  return [...found].flatMap(([bucket, { name: bucketName, values }]): Line[] => {
    const label = bucketName ?? bucket;
    if (wanted !== null && label !== wanted) return [];
    if (by === 'bucket') return [{ id: `${projectId}/${bucket}`, label, project, values }];
    if (by === 'project') return [{ id: projectId, label: name, project, values }];
    const shared = by === 'region' ? region : by === 'class' ? project.class : 'all';
    return [{ id: shared, label: shared, project: null, values }];
  });
}

function addLine(lines: Map<string, Line>, line: Line): void {
  const known = lines.get(line.id);
  if (known === undefined) lines.set(line.id, line);
  else addValues(known.values, line.values);
}

const weightOf = ({ id, values }: Line, question: ReportQuestion): number =>
  id === OTHERS ? -1 : values.reduce((sum, column) => sum + totalOf(column, question), 0);

const OTHERS = 'others';

function mergeSmallest(lines: Map<string, Line>, question: ReportQuestion): void {
  const ordered = [...lines.values()].sort((a, b) => weightOf(b, question) - weightOf(a, question));
  for (const line of ordered.slice(MAX_LINES - 1)) {
    if (line.id === OTHERS) continue;
    lines.delete(line.id);
    addLine(lines, { ...line, id: OTHERS, label: OTHERS, project: null });
  }
}
