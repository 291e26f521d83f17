// Reports: what projects hold, and what was asked of them.
import { z } from 'zod';
import { time } from '../contract.ts';

export const reportKinds = ['usage', 'quota', 'traffic', 'requests'] as const;
export const reportKind = z.enum(reportKinds);
export type ReportKind = z.infer<typeof reportKind>;
export const reportSteps = ['hour', 'day', 'total'] as const;
export type ReportStep = (typeof reportSteps)[number];
export const reportGroups = ['all', 'region', 'class', 'project', 'bucket'] as const;
export type ReportGroup = (typeof reportGroups)[number];

export const reportParams = z.object({ kind: reportKind });

export const reportQuery = z.object({
  from: z.iso.datetime({ offset: true }).optional().describe('Begin; without: 30 days before the end'),
  to: z.iso.datetime({ offset: true }).optional().describe('End; without: now'),
  step: z.enum(reportSteps).default('day').describe('hour (100 days at most), day, or total: one figure'),
  by: z.enum(reportGroups).default('all').describe('A line for each region, class, project or bucket'),
  region: z.string().max(100).optional().describe('Only its projects'),
  class: z.enum(['gold', 'instant-archive']).optional().describe('Only projects of this class'),
  projectId: z
    .string()
    .regex(/^[0-9a-f]{32}$/, 'A project id is 32 hexadecimal digits.')
    .optional(),
  bucket: z.string().max(255).optional().describe('Only this bucket'),
  utcOffsetHours: z.coerce
    .number()
    .int()
    .min(-12)
    .max(14)
    .default(0)
    .describe('Where a day begins: 7 for midnight in UTC+7'),
});

/** by column; of usage and quota the largest, else the sum */
const totals = z.record(z.string(), z.number());

export const reportLine = z.object({
  id: z.string(),
  /** the name of the region, class, project or bucket; `all`; `others`: the smallest of more than 100 */
  label: z.string(),
  projectId: z.string().nullable(),
  projectName: z.string().nullable(),
  /** by column, a figure for each time; null: nothing was written down */
  values: z.record(z.string(), z.array(z.number().nullable())),
  total: totals,
});
export type ReportLine = z.infer<typeof reportLine>;

export const reportView = z.object({
  kind: reportKind,
  step: z.enum(reportSteps),
  by: z.enum(reportGroups),
  from: time,
  to: time,
  columns: z.array(z.string()),
  /** when each hour or day begins */
  times: z.array(time),
  lines: z.array(reportLine),
  /** of all lines together */
  sum: z.object({ values: z.record(z.string(), z.array(z.number().nullable())), total: totals }),
});
export type ReportView = z.infer<typeof reportView>;
