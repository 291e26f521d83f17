const UNITS_MS: Readonly<Record<string, number>> = {
  ms: 1,
  s: 1e3,
  m: 60e3,
  h: 3600e3,
  d: 86_400e3,
  w: 7 * 86_400e3,
};
/** 3,000 years: every date that follows from it can still be written */
const MAX_MS = 1e14;

/** `90d` in milliseconds; null: not a duration. */
export function parseDuration(text: string): number | null {
  const [, amount, unit = ''] = /^(\d{1,9})(ms|[smhdw])$/.exec(text) ?? [];
  const ms = amount === undefined ? Number.NaN : Number(amount) * (UNITS_MS[unit] ?? Number.NaN);
  return ms <= MAX_MS ? ms : null;
}
