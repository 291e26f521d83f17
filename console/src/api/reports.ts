import { keepPreviousData, queryOptions } from '@tanstack/react-query';
import type { ReportKind, ReportView } from '../../../src/console-api/contract/reports.ts';
import { request } from './request.ts';
import type { Asked } from '../reports/range.ts';

export type { ReportView } from '../../../src/console-api/contract/reports.ts';

const parametersOf = ({ from, to, step, utcOffsetHours, by, ...rest }: Asked): string => {
  const parameters = new URLSearchParams({ from, to, step, by, utcOffsetHours: String(utcOffsetHours) });
  for (const [name, value] of Object.entries(rest)) if (value !== undefined) parameters.set(name, value);
  return parameters.toString();
};

export const reportPath = (kind: ReportKind, asked: Asked): string => `/reports/${kind}?${parametersOf(asked)}`;
/** A link: the browser saves it with the session's cookie. */
export const reportCsvPath = (kind: ReportKind, asked: Asked): string =>
  `/api/v1/reports/${kind}/report.csv?${parametersOf(asked)}`;

export const reportQuery = (kind: ReportKind, asked: Asked) =>
  queryOptions({
    queryKey: ['reports', kind, asked],
    queryFn: ({ signal }) => request<ReportView>(reportPath(kind, asked), { signal }),
    placeholderData: keepPreviousData,
    staleTime: 30_000,
  });
