// How long a project lasts, in months of the calendar.
import { ProblemError } from '../shared/errors.ts';

export const PERIODS: readonly number[] = [1, 3, 6, 12, 24, 36];

/** null for no end. A month after the 31st is the last day of the next. */
export function endAfter(fromMs: number, months: number | null): number | null {
  if (months === null) return null;
  if (!PERIODS.includes(months)) {
    const message = `A period is of ${PERIODS.join(', ')} months, or has no end.`;
    throw new ProblemError(400, 'invalid-period', message, { field: 'periodMonths' });
  }
  const from = new Date(fromMs);
  const lastDay = new Date(Date.UTC(from.getUTCFullYear(), from.getUTCMonth() + months + 1, 0)).getUTCDate();
  const end = new Date(fromMs);
  end.setUTCDate(Math.min(from.getUTCDate(), lastDay));
  end.setUTCMonth(from.getUTCMonth() + months);
  return end.getTime();
}
