// The checkpoints in their order, each checked when its turn comes: its seal, its number, and that it carries the hash of
// the one before.
import type { MetadataStore } from '../metadata/metadata-store.ts';
import { auditCheckpointKey, auditCheckpointRange } from '../metadata/tables/audit.ts';
import { type Checkpoint, type CheckpointHead, openCheckpoint } from './checkpoint.ts';
import type { Finding, Report } from './finding.ts';
import { textOf } from './fresh.ts';
import { hashOf } from './lines.ts';
import type { RecordedEnds } from './recorded-ends.ts';

const PAGE = 500;

type OnHead = (head: CheckpointHead) => void;

export type CheckpointStream = {
  /** Tells the heads of all checkpoints made before `at`. */
  readonly until: (at: number, onHead: OnHead) => Promise<void>;
  /** Tells those of all that are left. */
  readonly finish: (onHead: OnHead) => Promise<void>;
  readonly result: () => { readonly count: number; readonly last: { readonly n: number; readonly hash: string } };
};

type Options = {
  /** undefined: no checkpoint can be trusted */
  readonly key: Buffer | undefined;
  readonly base: RecordedEnds['base'];
  readonly expected: { readonly n: number; readonly hash: string } | null;
  readonly report: Report;
};

export function openCheckpoints({ store }: { readonly store: MetadataStore }, options: Options): CheckpointStream {
  const { key, base, expected, report } = options;
  let last = base.checkpoint;
  let count = 0;
  let wasExpected = expected === null || expected.n <= base.checkpoint.n;
  let waiting: string[] = [];
  let ended = false;

  const fetch = async (): Promise<void> => {
    const range = { start: auditCheckpointKey(last.n + 1), end: auditCheckpointRange().end, limit: PAGE };
    const rows = await store.read((snapshot) => snapshot.range(range));
    waiting = rows.map(({ value }) => textOf(value));
    ended = rows.length < PAGE;
  };
  /** Moves on, whatever is wrong with this one. */
  const take = (line: string): Checkpoint | null => {
    const checkpoint = key === undefined ? null : openCheckpoint(line, key);
    const n = checkpoint?.n ?? last.n + 1;
    if (checkpoint === null) report(wrong('checkpoint-altered', `Checkpoint ${n} was not made by this server.`));
    else if (n !== last.n + 1) {
      report(wrong('checkpoint-missing', `Checkpoints ${last.n + 1} to ${n - 1} are missing.`));
    } else if (checkpoint.prev !== last.hash) {
      report(wrong('checkpoint-altered', `Checkpoint ${n} does not follow on the one before.`));
    }
    last = { n, hash: hashOf(line) };
    if (expected?.n === n) wasExpected = expected.hash === last.hash;
    count++;
    return checkpoint;
  };
  const until = async (at: number, onHead: OnHead): Promise<void> => {
    for (;;) {
      if (waiting.length === 0 && !ended) await fetch();
      const [line] = waiting;
      if (line === undefined || timeOf(line) >= at) return;
      waiting.shift();
      for (const head of take(line)?.heads ?? []) onHead(head);
    }
  };
  return {
    until,
    finish: async (onHead) => {
      // made while the records were being read
      ended = false;
      await until(Number.POSITIVE_INFINITY, onHead);
      if (!wasExpected) {
        const message = `Checkpoint ${expected?.n} is not there as it was: the trail was put back to an earlier state.`;
        report(wrong('checkpoint-missing', message));
      }
    },
    result: () => ({ count, last }),
  };
}

/** A line that cannot be read comes at once. */
const timeOf = (line: string): number => Number(/"at":(\d{1,15})/.exec(line)?.[1] ?? 0);

const wrong = (problem: Finding['problem'], message: string): Finding => ({
  problem,
  message,
  chain: null,
  seq: null,
  block: null,
});
