// The operator commands as an operator runs them: the real program on a store of its own, no server running.
import assert from 'node:assert/strict';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { type CommandResult, tryCommand } from './run-command.ts';

const BIN = fileURLToPath(new URL('../../bin/vstorage.js', import.meta.url));

export type Row = Readonly<Record<string, unknown>>;

export type Operator = AsyncDisposable & {
  readonly folder: string;
  readonly run: (...args: string[]) => Promise<CommandResult>;
  /** with --json; fails unless the exit code is 0 */
  readonly object: (...args: string[]) => Promise<Row>;
  readonly list: (...args: string[]) => Promise<Row[]>;
};

export async function openOperator(): Promise<Operator> {
  const folder = await mkdtemp(join(tmpdir(), 'operator-test-'));
  const run = (...args: string[]): Promise<CommandResult> =>
    tryCommand(process.execPath, [BIN, ...args, '--data-dir', join(folder, 'new', 'data')], { cwd: folder });
  const json = async (args: string[]): Promise<unknown> => {
    const { code, stdout, stderr } = await run(...args, '--json');
    assert.equal(code, 0, stderr);
    return JSON.parse(stdout);
  };
  return {
    folder,
    run,
    object: async (...args) => {
      const answer = await json(args);
      assert.ok(typeof answer === 'object' && answer !== null && !Array.isArray(answer));
      return { ...answer };
    },
    list: async (...args) => {
      const answer = await json(args);
      assert.ok(Array.isArray(answer));
      return answer.map((row: Row) => row);
    },
    [Symbol.asyncDispose]: () => rm(folder, { recursive: true }),
  };
}

export const EMAIL = 'owner@example.test';

export async function withAccount(): Promise<Operator & { readonly account: Row }> {
  const operator = await openOperator();
  const account = await operator.object('account', 'create', '--email', EMAIL);
  return { ...operator, account, [Symbol.asyncDispose]: operator[Symbol.asyncDispose] };
}

export const fails = ({ code, stderr, stdout }: CommandResult, wanted: number, message: RegExp): void => {
  assert.equal(code, wanted, stderr);
  assert.match(stderr, message);
  assert.equal(stderr.trimEnd().split('\n').length, 1);
  assert.equal(stdout, '');
};
