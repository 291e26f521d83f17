// Is the trail whole? Every record is read; each must carry the hash of the one before it in its chain, and what the
// checkpoints say of the chains must hold. Records that were altered, taken out, put in or put elsewhere are named, as are
// chains that were cut off or are gone. What was dropped because its time was over is known by its boundary.
import type { MasterKey } from '../identity/sealing.ts';
import type { MetadataStore } from '../metadata/metadata-store.ts';
import { findAuditKey } from './audit-key.ts';
import { readBase } from './base.ts';
import type { Finding, Report } from './finding.ts';
import { ChainChecker } from './chain-checker.ts';
import { type CheckpointStream, openCheckpoints } from './checkpoint-stream.ts';
import { IndexChecker } from './check-index.ts';
import { readHead } from './lines.ts';
import { readTrail } from './read-trail.ts';
import { readRecordedEnds } from './recorded-ends.ts';

export type Verification = {
  readonly records: number;
  readonly chains: number;
  readonly checkpoints: number;
  /** records that no checkpoint covers yet: of these, a chain's last ones could be taken away unseen */
  readonly uncovered: number;
  /** the last checkpoint: keep it elsewhere, and `expect` it the next time */
  readonly last: { readonly n: number; readonly hash: string };
  readonly findings: readonly Finding[];
  /** more were found than are listed */
  readonly isCut: boolean;
};

export type VerifyOptions = {
  /** a checkpoint of an earlier verification: it must still be there */
  readonly expected?: { readonly n: number; readonly hash: string } | null;
  /** also makes the index again and compares it */
  readonly index?: boolean;
  /** records that were read so far */
  readonly onProgress?: (records: number) => void;
};

const MAX_FINDINGS = 1000;
const PROGRESS_EVERY = 100_000;
const MAX_ATTEMPTS = 3;

type Deps = { readonly store: MetadataStore; readonly masterKey: MasterKey };

/** Again from the start when records were dropped meanwhile. */
export async function verifyTrail(deps: Deps, options: VerifyOptions = {}): Promise<Verification> {
  for (let attempt = 1; ; attempt++) {
    const before = await deps.store.read(readBase);
    const verification = await verifyOnce(deps, options);
    const after = await deps.store.read(readBase);
    if (before.droppedBefore === after.droppedBefore || attempt === MAX_ATTEMPTS) return verification;
  }
}

async function verifyOnce(deps: Deps, options: VerifyOptions): Promise<Verification> {
  const findings: Finding[] = [];
  let found = 0;
  const report: Report = (finding) => {
    if (found++ < MAX_FINDINGS) findings.push(finding);
  };
  const key = await findAuditKey(deps);
  const ends = await readRecordedEnds(deps, key, report);
  const checkpoints = openCheckpoints(deps, { key, base: ends.base, report, expected: options.expected ?? null });
  const checker = new ChainChecker(ends, report);
  const records = await checkRecords(deps, { checkpoints, checker, report, options });
  await checkpoints.finish((head) => checker.expectHead(head));
  if (key === undefined && records > 0) report(noKey);
  const { uncovered, chains } = checker.finish();
  const { count, last } = checkpoints.result();
  return { records, chains, checkpoints: count, uncovered, last, findings, isCut: found > MAX_FINDINGS };
}

const noKey: Finding = {
  problem: 'checkpoint-missing',
  message:
    'There is no key of checkpoints, so none can be trusted: the server has not made any yet, or it was removed.',
  chain: null,
  seq: null,
  block: null,
};

type Check = {
  readonly checkpoints: CheckpointStream;
  readonly checker: ChainChecker;
  readonly report: Report;
  readonly options: VerifyOptions;
};

async function checkRecords(deps: Deps, { checkpoints, checker, report, options }: Check): Promise<number> {
  let records = 0;
  const index = options.index === true ? new IndexChecker(deps, report) : null;
  for await (const { block, lines } of readTrail(deps)) {
    for (const line of lines) {
      const head = readHead(line);
      // what a checkpoint says of the time before this record can be checked by now
      if (head !== null) await checkpoints.until(head.at, (expected) => checker.expectHead(expected));
      checker.add(line, head, block);
      if (++records % PROGRESS_EVERY === 0) options.onProgress?.(records);
    }
    if (block !== null) await index?.add(block, lines);
  }
  await index?.finish();
  return records;
}
