// What every command is given.
import { existsSync } from 'node:fs';
import type { Command } from 'commander';
import type { ServeConfig, StoreConfig } from '../config/config.ts';
import { readEnvironment } from '../config/env.ts';
import { loadConfig } from '../config/load.ts';
import type { Engines, Stores } from '../stores.ts';
import { recordCommand } from './audit/record-command.ts';

export type CliContext = {
  readonly openStores: (config: StoreConfig) => Promise<Stores>;
  readonly openEngines: (config: StoreConfig) => Promise<Engines>;
  /** the script a worker process of `serve` runs */
  readonly workerFile: string;
  readonly cwd: string;
  /** writes to standard output as it is */
  readonly print: (text: string) => void;
  /** the same for more than fits into memory; ends early when nobody reads on */
  readonly printAll: (texts: AsyncIterable<string>) => Promise<void>;
};

/** Wrong in what the user asked for, or cannot be done: one line on standard error that says what to do. */
export class CliError extends Error {
  override readonly name = 'CliError';
  readonly exitCode: 1 | 2;

  constructor(message: string, options: { usage?: boolean; cause?: unknown } = {}) {
    super(message, { cause: options.cause });
    this.exitCode = options.usage ? 2 : 1;
  }
}

/** Flags may stand before or after the command's name. */
export function configFor(command: Command, context: CliContext): ServeConfig {
  return loadConfig({ flags: command.optsWithGlobals(), environment: readEnvironment(), cwd: context.cwd });
}

/** Runs `fn` on the stores the options name, with a server running on them or not, and leaves its audit record. */
export async function withStores<T>(
  command: Command,
  context: CliContext,
  fn: (stores: Stores, config: StoreConfig) => Promise<T>,
  options: { /** make the store when there is none */ readonly create?: boolean } = {},
): Promise<T> {
  const config = configFor(command, context);
  const { metadata } = config;
  if (!options.create && metadata.kind === 'lmdb' && !existsSync(metadata.path)) {
    // A mistyped folder must not become a new, empty store.
    throw new CliError(`there is no store at ${metadata.path}: start the server once, or name its --data-dir`);
  }
  await using stores = await context.openStores(config);
  return await recordCommand(command, stores.identity, () => fn(stores, config));
}

/** One JSON document with --json, a table (or what `text` makes) otherwise. */
export function printResult(
  command: Command,
  context: CliContext,
  result: Readonly<Record<string, unknown>> | readonly Readonly<Record<string, unknown>>[],
): void {
  const json = command.optsWithGlobals()['json'] === true;
  context.print(json ? `${JSON.stringify(result, null, 2)}\n` : `${formatTable(result)}\n`);
}

function formatTable(result: unknown): string {
  if (!Array.isArray(result)) {
    const entries = Object.entries(Object(result)).map(([name, value]) => [name, cell(value)]);
    return align(entries);
  }
  if (result.length === 0) return '(none)';
  const columns = [...new Set(result.flatMap((row) => Object.keys(Object(row))))];
  const rows = result.map((row) => columns.map((column) => cell(Reflect.get(Object(row), column))));
  return align([columns, ...rows]);
}

function cell(value: unknown): string {
  if (value === null || value === undefined) return '-';
  if (typeof value === 'string') return value;
  return Array.isArray(value) ? value.map(cell).join(', ') : JSON.stringify(value);
}

function align(rows: readonly string[][]): string {
  const widths: number[] = [];
  for (const row of rows) row.forEach((text, i) => (widths[i] = Math.max(widths[i] ?? 0, text.length)));
  const line = (row: string[]): string => row.map((text, i) => text.padEnd(widths[i] ?? 0)).join('  ');
  return rows.map((row) => line(row).trimEnd()).join('\n');
}
