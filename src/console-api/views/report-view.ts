import { type Report, totalOf } from '../../reports/build-report.ts';
import { columnsOf, type Line, type ReportQuestion } from '../../reports/report.ts';
import { HOUR_MS } from '../../metadata/tables/reports.ts';
import type { ReportView } from '../contract/reports.ts';
import { isoTime } from './times.ts';

export function reportView(report: Report, question: ReportQuestion): ReportView {
  const { kind, step, by } = question;
  const { starts, end } = report.slots;
  return {
    kind,
    step,
    by,
    from: isoTime((starts[0] ?? end) * HOUR_MS),
    to: isoTime(end * HOUR_MS),
    columns: [...columnsOf[kind]],
    times: starts.map((hour) => isoTime(hour * HOUR_MS)),
    lines: report.lines.map((line) => lineView(line, question)),
    sum: { values: byColumn(report.sum, question), total: totals(report.sum, question) },
  };
}

function lineView({ id, label, project, values }: Line, question: ReportQuestion): ReportView['lines'][number] {
  const projectId = project?.projectId ?? null;
  const named = { projectId, projectName: project?.name ?? null };
  return { id, label, ...named, values: byColumn(values, question), total: totals(values, question) };
}

const byColumn = (values: readonly Float64Array[], { kind }: ReportQuestion): Record<string, (number | null)[]> =>
  Object.fromEntries(
    columnsOf[kind].map((column, place) => [
      column,
      Array.from(values[place] ?? [], (value) => (Number.isNaN(value) ? null : value)),
    ]),
  );

const totals = (values: readonly Float64Array[], question: ReportQuestion): Record<string, number> =>
  Object.fromEntries(
    columnsOf[question.kind].map((column, place) => [column, totalOf(values[place] ?? new Float64Array(), question)]),
  );

/** A line for every time of every line of the report. */
export function reportCsv(view: ReportView): string {
  const head = ['time', 'project', view.by, ...view.columns];
  const rows = view.lines.flatMap(({ label, projectName, values }) =>
    view.times.map((time, slot) => [
      time,
      projectName ?? '',
      label,
      ...view.columns.map((column) => String(values[column]?.[slot] ?? '')),
    ]),
  );
  return `${[head, ...rows].map((row) => row.map(csvCell).join(',')).join('\r\n')}\r\n`;
}

/** Names of projects may begin with what a spreadsheet takes for a formula. */
function csvCell(text: string): string {
  const harmless = /^[=+\-@\t\r]/.test(text) && Number.isNaN(Number(text)) ? `'${text}` : text;
  return /[",\r\n]/.test(harmless) ? `"${harmless.replaceAll('"', '""')}"` : harmless;
}
