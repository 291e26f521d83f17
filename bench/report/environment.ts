// What the figures belong to: the commit and the machine.
import { execFileSync } from 'node:child_process';
import { cpus, loadavg, release, totalmem } from 'node:os';
import { root } from '../../scripts/run.ts';

export type Environment = {
  readonly commit: string;
  /** files of the product differ from the commit */
  readonly changed: boolean;
  readonly date: string;
  readonly node: string;
  readonly cpu: string;
  readonly cores: number;
  readonly memoryGiB: number;
  readonly kernel: string;
  /** of the minute before: other programs make figures smaller */
  readonly loadBefore: number;
};

const git = (...args: readonly string[]): string => execFileSync('git', args, { cwd: root, encoding: 'utf8' }).trim();

export function readEnvironment(now: Date): Environment {
  const [cpu] = cpus();
  return {
    commit: git('rev-parse', 'HEAD'),
    changed: git('status', '--porcelain', '--', 'src', 'bench', 'package-lock.json') !== '',
    date: now.toISOString(),
    node: process.version,
    cpu: cpu?.model ?? 'unknown',
    cores: cpus().length,
    memoryGiB: Math.round(totalmem() / 2 ** 30),
    kernel: release(),
    loadBefore: Math.round((loadavg()[0] ?? 0) * 100) / 100,
  };
}
