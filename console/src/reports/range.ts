// Which time a report is of: one of a few quick choices, so many hours or days back, or from one day to another.
import type { ReportGroup, ReportStep } from '../../../src/console-api/contract/reports.ts';

const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;
/** By the hour as long as the hours can be told apart. */
const HOURLY_UP_TO_MS = 3 * DAY_MS;

export const quickRanges = ['today', 'yesterday', 'this-month', 'last-month'] as const;
export type QuickRange = (typeof quickRanges)[number];
export const relativeRanges = ['24h', '3d', '7d', '30d', '90d'] as const;
export type RelativeRange = (typeof relativeRanges)[number];

/** As it stands in the page's address: a name, or `2026-01-01..2026-01-31`, both days included. */
export type RangeText = string;
export const DEFAULT_RANGE: RangeText = 'this-month';

export type Span = { readonly from: Date; readonly to: Date };

export type Asked = {
  readonly from: string;
  readonly to: string;
  readonly step: ReportStep;
  readonly by: ReportGroup;
  readonly utcOffsetHours: number;
  readonly region?: string | undefined;
  readonly projectId?: string | undefined;
};

const startOfDay = (time: Date, days = 0): Date => new Date(time.getFullYear(), time.getMonth(), time.getDate() + days);
const startOfMonth = (time: Date, months = 0): Date => new Date(time.getFullYear(), time.getMonth() + months, 1);

/** Of what cannot be read, the default. */
export function spanOf(text: RangeText, now: Date): Span {
  return quickSpan(text, now) ?? relativeSpan(text, now) ?? absoluteSpan(text) ?? { from: startOfMonth(now), to: now };
}

function quickSpan(text: RangeText, now: Date): Span | null {
  if (text === 'today') return { from: startOfDay(now), to: now };
  if (text === 'yesterday') return { from: startOfDay(now, -1), to: startOfDay(now) };
  if (text === 'this-month') return { from: startOfMonth(now), to: now };
  if (text === 'last-month') return { from: startOfMonth(now, -1), to: startOfMonth(now) };
  return null;
}

function relativeSpan(text: RangeText, now: Date): Span | null {
  const [, amount, unit] = /^(\d{1,3})([hd])$/.exec(text) ?? [];
  if (amount === undefined) return null;
  return { from: new Date(now.getTime() - Number(amount) * (unit === 'h' ? HOUR_MS : DAY_MS)), to: now };
}

function absoluteSpan(text: RangeText): Span | null {
  const [, first, last] = /^(\d{4}-\d\d-\d\d)\.\.(\d{4}-\d\d-\d\d)$/.exec(text) ?? [];
  if (first === undefined || last === undefined) return null;
  const from = new Date(`${first}T00:00`);
  const lastDay = new Date(`${last}T00:00`);
  if (Number.isNaN(from.getTime()) || Number.isNaN(lastDay.getTime()) || lastDay < from) return null;
  return { from, to: startOfDay(lastDay, 1) };
}

export type RangeKind = 'quick' | 'relative' | 'absolute';
export function kindOfRange(text: RangeText): RangeKind {
  if (text.includes('..')) return 'absolute';
  return /^\d+[hd]$/.test(text) ? 'relative' : 'quick';
}

const isoDay = (time: Date): string =>
  [time.getFullYear(), time.getMonth() + 1, time.getDate()].map((part) => String(part).padStart(2, '0')).join('-');

/** The days of a span, both included: what the form begins with. */
export function daysOf({ from, to }: Span): { first: string; last: string } {
  return { first: isoDay(from), last: isoDay(new Date(to.getTime() - 1)) };
}

export function askedFor(span: Span, by: ReportGroup, more: Pick<Asked, 'region' | 'projectId'> = {}): Asked {
  const { from, to } = span;
  return {
    from: wholeMinute(from),
    to: wholeMinute(to),
    step: to.getTime() - from.getTime() <= HOURLY_UP_TO_MS ? 'hour' : 'day',
    by,
    utcOffsetHours: Math.round(-to.getTimezoneOffset() / 60),
    ...more,
  };
}

/** So that looking again within a minute asks the same. */
const wholeMinute = (time: Date): string => new Date(Math.ceil(time.getTime() / 60_000) * 60_000).toISOString();
