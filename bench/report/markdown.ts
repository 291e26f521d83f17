// Reports for people.
import type { Environment } from './environment.ts';

export type Row = readonly string[];

export function table(head: Row, rows: readonly Row[]): string {
  const line = (cells: Row): string => `| ${cells.join(' | ')} |`;
  const rule = head.map((_, index) => (index === 0 ? '---' : '---:'));
  return [line(head), line(rule), ...rows.map(line)].join('\n');
}

/** What was wanted, and whether it is. */
export const verdict = (wanted: string, is: boolean): string => `${wanted} ${is ? '✓' : '✗'}`;

export function describe(environment: Environment, workers: number): string {
  const { commit, changed, date, node, cpu, cores, memoryGiB, kernel, loadBefore } = environment;
  const state = changed ? `${commit.slice(0, 12)} with changes` : commit.slice(0, 12);
  return (
    `Commit ${state}, ${date.slice(0, 10)}. ${cores} × ${cpu}, ${memoryGiB} GiB, Linux ${kernel}, Node ${node}; ` +
    `${workers} workers, the client on the same machine. Load average before the run: ${loadBefore}.`
  );
}
