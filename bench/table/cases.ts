// What is measured of every server.

export const KIB = 1024;
export const MIB = 1024 * KIB;
export const GIB = 1024 * MIB;

export type Operation = 'GET' | 'HEAD' | 'PUT' | 'DELETE' | 'RANGE' | 'LIST' | 'MULTIPART' | 'MIX';

export type Case = {
  readonly operation: Operation;
  /** of the object; of LIST: none */
  readonly sizeBytes: number;
  readonly concurrency: number;
};

const SIZES = [4 * KIB, 64 * KIB, MIB, 64 * MIB];
export const LARGE_BYTES = 64 * MIB;
export const MIX_BYTES = 10 * MIB;
export const MULTIPART_BYTES = GIB;
export const RANGE = { start: 40 * MIB, end: 41 * MIB };
export const LIST_PAGE = 1000;

const at = (operation: Operation, sizeBytes: number, ...concurrencies: readonly number[]): Case[] =>
  concurrencies.map((concurrency) => ({ operation, sizeBytes, concurrency }));

export const allCases: readonly Case[] = [
  ...SIZES.flatMap((size) => at('GET', size, 1, size === LARGE_BYTES ? 4 : 16, size === LARGE_BYTES ? 16 : 64)),
  ...SIZES.flatMap((size) => at('PUT', size, 1, size === LARGE_BYTES ? 4 : 16, size === LARGE_BYTES ? 16 : 64)),
  ...at('HEAD', 4 * KIB, 1, 16, 64),
  ...at('DELETE', 4 * KIB, 1, 16, 64),
  ...at('RANGE', LARGE_BYTES, 1, 16),
  ...at('LIST', 0, 1, 16, 64),
  ...at('MULTIPART', MULTIPART_BYTES, 1, 4),
  ...at('MIX', MIX_BYTES, 16),
];

/** What docs/performance.md sets limits for. */
export const quickCases: readonly Case[] = [
  ...at('GET', 4 * KIB, 16, 64),
  ...at('HEAD', 4 * KIB, 16, 64),
  ...at('PUT', 4 * KIB, 16, 64),
  ...at('LIST', 0, 16),
  ...at('GET', LARGE_BYTES, 1, 4),
  ...at('PUT', LARGE_BYTES, 1, 4),
];

export const isLimited = (what: Case): boolean => quickCases.some((limited) => caseName(limited) === caseName(what));

const UNITS = [
  [GIB, 'GiB'],
  [MIB, 'MiB'],
  [KIB, 'KiB'],
] as const;

export function sizeText(sizeBytes: number): string {
  const [unit, name] = UNITS.find(([size]) => sizeBytes >= size) ?? [1, 'B'];
  return `${sizeBytes / unit} ${name}`;
}

export function caseName({ operation, sizeBytes, concurrency }: Case): string {
  const what = operation === 'LIST' ? 'LIST 1,000' : `${operation} ${sizeText(sizeBytes)}`;
  return `${what} ×${concurrency}`;
}
