// Builds the console into console/dist, when called by itself always, from other scripts when a source is newer.
import { stat } from 'node:fs/promises';
import { glob } from 'node:fs/promises';
import { join } from 'node:path';
import { root, run } from './run.ts';

const SOURCES = [
  'console/src/**/*',
  'console/public/**/*',
  'console/*.{html,ts,json,cjs,js}',
  'src/console-api/contract.ts',
  'src/console-api/contract/*.ts',
  'package-lock.json',
];

export async function buildConsole(): Promise<boolean> {
  const { ok } = await run(
    process.execPath,
    ['node_modules/vite/bin/vite.js', 'build', 'console', '--logLevel', 'warn'],
    { inherit: true },
  );
  return ok;
}

export async function isConsoleCurrent(): Promise<boolean> {
  const builtAtMs = await modifiedAtMs('console/dist/index.html');
  if (builtAtMs === null) return false;
  for await (const file of glob(SOURCES, { cwd: root })) {
    if (((await modifiedAtMs(file)) ?? 0) > builtAtMs) return false;
  }
  return true;
}

async function modifiedAtMs(file: string): Promise<number | null> {
  try {
    return (await stat(join(root, file))).mtimeMs;
  } catch {
    return null;
  }
}

if (import.meta.main) process.exitCode = (await buildConsole()) ? 0 : 1;
