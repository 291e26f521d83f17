// Follows every chain at once, record by record, and holds each against what checkpoints said of it.
import type { CheckpointHead } from './checkpoint.ts';
import type { Finding, Report } from './finding.ts';
import { hashOf, NO_HASH, type readHead } from './lines.ts';
import type { RecordedEnds } from './recorded-ends.ts';

/** Between two checkpoints there are far fewer. */
const MAX_HASHES = 200_000;

type Head = NonNullable<ReturnType<typeof readHead>>;

type Followed = {
  /** the last record */
  seq: number;
  hash: string;
  /** of records since the last one that a checkpoint covered */
  hashes: Map<number, string>;
  /** what a checkpoint said of records that have not come yet */
  expected: Map<number, CheckpointHead>;
  coveredSeq: number;
};

export class ChainChecker {
  readonly #ends: RecordedEnds;
  readonly #report: Report;
  readonly #chains = new Map<string, Followed>();

  constructor(ends: RecordedEnds, report: Report) {
    this.#ends = ends;
    this.#report = report;
  }

  add(line: string, head: Head | null, block: number | null): void {
    const say = (problem: Finding['problem'], message: string): void =>
      this.#report({ problem, message, chain: head?.chain ?? null, seq: head?.seq ?? null, block });
    if (head === null) return say('unreadable', `A record ${placeText(block)} cannot be read.`);
    const chain = this.#follow(head.chain);
    const name = `Record ${head.seq} of chain ${head.chain}`;
    if (head.seq <= chain.seq) {
      // moved into a block while the trail was being read
      if (chain.hashes.get(head.seq) === hashOf(line) || (head.seq === chain.seq && chain.hash === hashOf(line)))
        return;
      return say('inserted', `${name} stands there twice, or not in its order.`);
    }
    if (head.seq > chain.seq + 1) {
      const missing = head.seq === chain.seq + 2 ? `${chain.seq + 1} is` : `${chain.seq + 1} to ${head.seq - 1} are`;
      this.#report({
        problem: 'missing',
        message: `Of chain ${head.chain} record ${missing} missing.`,
        chain: head.chain,
        seq: chain.seq + 1,
        block,
      });
    } else if (head.prev !== chain.hash) {
      const before = chain.seq === 0 ? 'what the chain begins with' : `record ${chain.seq}`;
      const message = `${name} does not follow on ${before}: that one was altered or replaced.`;
      this.#report({ problem: 'altered', message, chain: head.chain, seq: Math.max(1, chain.seq), block });
    }
    this.#step(chain, head.seq, hashOf(line));
    this.#meet(chain, head.chain, head.seq);
  }

  /** A checkpoint says that the chain had this record. */
  expectHead(head: CheckpointHead): void {
    const [name, seq] = head;
    const chain = this.#follow(name);
    chain.expected.set(seq, head);
    if (seq <= chain.seq) this.#meet(chain, name, seq);
  }

  finish(): { readonly uncovered: number; readonly chains: number } {
    let uncovered = 0;
    for (const [name, chain] of this.#chains) {
      for (const head of chain.expected.values()) this.#reportMissing(name, chain, head);
      this.#checkRecordedHead(name, chain);
      uncovered += Math.max(0, chain.seq - chain.coveredSeq);
    }
    for (const [name, { seq }] of this.#ends.heads) {
      if (!this.#chains.has(name)) this.#reportGone(name, seq);
    }
    return { uncovered, chains: this.#chains.size };
  }

  #follow(name: string): Followed {
    const known = this.#chains.get(name);
    if (known !== undefined) return known;
    const { seq, hash } = this.#ends.boundaries.get(name) ?? { seq: 0, hash: NO_HASH };
    const fresh: Followed = { seq, hash, hashes: new Map(), expected: new Map(), coveredSeq: seq };
    this.#chains.set(name, fresh);
    return fresh;
  }

  #step(chain: Followed, seq: number, hash: string): void {
    chain.seq = seq;
    chain.hash = hash;
    chain.hashes.set(seq, hash);
    if (chain.hashes.size > MAX_HASHES) chain.hashes.delete(chain.hashes.keys().next().value ?? 0);
  }

  /** Holds a record against the checkpoint that named it. */
  #meet(chain: Followed, name: string, seq: number): void {
    const expected = chain.expected.get(seq);
    if (expected === undefined) return;
    chain.expected.delete(seq);
    const boundary = this.#ends.boundaries.get(name);
    const hash = chain.hashes.get(seq) ?? (seq === boundary?.seq ? boundary.hash : undefined);
    // before the boundary, or said again by a later checkpoint
    if (hash === undefined) return;
    if (hash !== expected[2]) {
      const message = `Record ${seq} of chain ${name} is not the one that a checkpoint saw: it, or one before it, was altered.`;
      this.#report({ problem: 'altered', message, chain: name, seq, block: null });
    }
    chain.coveredSeq = Math.max(chain.coveredSeq, seq);
    for (const older of chain.hashes.keys()) {
      if (older >= seq) break;
      chain.hashes.delete(older);
    }
  }

  #reportMissing(name: string, chain: Followed, [, seq, , at]: CheckpointHead): void {
    if (at < this.#ends.base.droppedBefore) return;
    const isGone = chain.seq === 0;
    const message = isGone
      ? `Chain ${name} is missing as a whole: a checkpoint saw ${seq} records of it.`
      : `Chain ${name} ends with record ${chain.seq}, a checkpoint saw ${seq}: the last ones are missing.`;
    this.#report({
      problem: isGone ? 'chain-missing' : 'chain-cut',
      message,
      chain: name,
      seq: chain.seq + 1,
      block: null,
    });
  }

  /** What the store itself notes of a chain; whoever cuts it off may have forgotten that. */
  #checkRecordedHead(name: string, chain: Followed): void {
    const head = this.#ends.heads.get(name);
    if (head === undefined || chain.seq === 0 || head.seq <= chain.seq) return;
    const message = `Chain ${name} ends with record ${chain.seq}, it should have ${head.seq}: the last ones are missing.`;
    this.#report({ problem: 'chain-cut', message, chain: name, seq: chain.seq + 1, block: null });
  }

  #reportGone(name: string, seq: number): void {
    const message = `Chain ${name} is missing as a whole: it should have ${seq} records.`;
    this.#report({ problem: 'chain-missing', message, chain: name, seq: 1, block: null });
  }
}

const placeText = (block: number | null): string => (block === null ? 'outside of blocks' : `in block ${block}`);
