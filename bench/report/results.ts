// The figures of the last runs: one JSON file per part, each with the commit and the machine it belongs to.
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { ListingFigures } from '../listing/measure.ts';
import type { MemoryFigures } from '../memory/measure.ts';
import type { Growth } from '../scale/growth.ts';
import type { StartFigures } from '../scale/start.ts';
import type { Measured } from '../table/measure.ts';
import type { Elsewhere } from '../targets/elsewhere.ts';
import type { Environment } from './environment.ts';

export const RESULTS = fileURLToPath(new URL('../results/', import.meta.url));

export type BenchOptions = {
  readonly workers: number;
  /** fewer and shorter rounds, and of the table only what limits are set for */
  readonly quick: boolean;
  readonly rounds: number | null;
  readonly seconds: number | null;
  /** start the peers that are installed */
  readonly peers: boolean;
  /** in the bucket with very many */
  readonly objects: number;
  /** of results */
  readonly folder: string;
  readonly elsewhere: Elsewhere | null;
  readonly say: (line: string) => void;
};

type OfRun = { readonly environment: Environment; readonly workers: number };

export type Results = {
  readonly table: OfRun & { readonly rounds: number; readonly seconds: number; readonly measured: readonly Measured[] };
  readonly listing: OfRun & ListingFigures;
  readonly growth: OfRun & { readonly objects: number; readonly small: number; readonly operations: readonly Growth[] };
  readonly start: OfRun & { readonly few: StartFigures; readonly many: StartFigures };
  readonly memory: OfRun & MemoryFigures;
  /** to the bare server, by case */
  readonly smoke: OfRun & { readonly ratios: Readonly<Record<string, number>> };
};

export async function saveResult<Part extends keyof Results>(
  { folder }: Pick<BenchOptions, 'folder'>,
  part: Part,
  result: Results[Part],
): Promise<void> {
  await writeFile(join(folder, `${part}.json`), `${JSON.stringify(result, null, 2)}\n`);
}

/** Of the parts that were ever run. */
export async function readResults(folder: string): Promise<Partial<Results>> {
  const parts = ['table', 'listing', 'growth', 'start', 'memory', 'smoke'] as const satisfies (keyof Results)[];
  const found = await Promise.all(parts.map(async (part) => [part, await readIfThere(join(folder, `${part}.json`))]));
  return Object.fromEntries(found.filter(([, result]) => result !== undefined)) as Partial<Results>;
}

async function readIfThere(path: string): Promise<unknown> {
  try {
    return JSON.parse(await readFile(path, 'utf8'));
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return undefined;
    throw error;
  }
}
