// The table, from the start of its servers to the file of its figures.
import { readEnvironment } from '../report/environment.ts';
import { type BenchOptions, saveResult } from '../report/results.ts';
import { makeBodyFiles } from './body-files.ts';
import { allCases, quickCases } from './cases.ts';
import { measureTable } from './measure.ts';
import { startServers } from './servers.ts';

/** `operations`: only these; none: all. */
export async function benchTable(options: BenchOptions, operations: readonly string[]): Promise<void> {
  const environment = readEnvironment(new Date());
  const { workers, say } = options;
  await using owner = new AsyncDisposableStack();
  const bodies = owner.use(await makeBodyFiles());
  const cases = (options.quick ? quickCases : allCases).filter(
    ({ operation }) => operations.length === 0 || operations.includes(operation),
  );
  const targets = await startServers(owner, { ...options, cases, bodies });
  const rounds = options.rounds ?? 3;
  const seconds = options.seconds ?? 2;
  const measured = await measureTable(targets, cases, { workers, rounds, seconds, bodies, say });
  await saveResult(options, 'table', { environment, workers, rounds, seconds, measured });
}
