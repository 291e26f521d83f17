// What any load says in the end.

export type LoadResult = {
  readonly requests: number;
  readonly seconds: number;
  readonly perSecond: number;
  /** of bodies, up or down */
  readonly bytesPerSecond: number;
  readonly medianMs: number;
  readonly p99Ms: number;
};

/** The value that `share` of all are not above. */
export function percentile(values: readonly number[], share: number): number {
  const sorted = values.toSorted((a, b) => a - b);
  const value = sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))];
  if (value === undefined) throw new RangeError('a percentile of nothing');
  return value;
}
