// Checkpoints: what the chains had come to at one moment, each carrying the hash of the one before and sealed with a key
// that the store alone does not give away. Chains grow without asking each other; checkpoints tie them together.
import type { MetadataStore, Snapshot, Transaction } from '../metadata/metadata-store.ts';
import {
  auditCheckpointKey,
  auditCheckpointRange,
  auditFreshOfChainRange,
  auditFreshRange,
  auditHeadKey,
  type AuditHeadRecord,
  type ChainId,
  chainText,
  readAuditFreshKey,
} from '../metadata/tables/audit.ts';
import { decodeRecord } from '../metadata/tables/record.ts';
import type { Clock } from '../shared/clock.ts';
import { textOf } from './fresh.ts';
import { readBase } from './base.ts';
import { hashOf } from './lines.ts';
import { macOf } from './mac.ts';

/** A chain's head: number and hash of its last record, and its time. */
export type CheckpointHead = readonly [chain: string, seq: number, hash: string, at: number];

export type Checkpoint = {
  readonly n: number;
  readonly at: number;
  readonly prev: string;
  readonly heads: readonly CheckpointHead[];
};

/** Chains that one checkpoint names. */
const MAX_HEADS = 2000;

export function checkpointLine(checkpoint: Checkpoint, key: Buffer): string {
  const { n, at, prev, heads } = checkpoint;
  const body = JSON.stringify({ n, at, prev, heads });
  return JSON.stringify({ n, at, prev, heads, mac: macOf(key, body) });
}

/** null: it was not made with this key, or not as it stands. */
export function openCheckpoint(line: string, key: Buffer): Checkpoint | null {
  try {
    const { n, at, prev, heads } = JSON.parse(line) as Checkpoint;
    const checkpoint = { n, at, prev, heads };
    return checkpointLine(checkpoint, key) === line ? checkpoint : null;
  } catch {
    return null;
  }
}

type Deps = { readonly store: MetadataStore; readonly clock: Clock };

/** By chain: the last record that a checkpoint covers. */
export type Covered = Map<ChainId, number>;

/**
 * Covers the fresh records that none covers yet; false: there are none. `covered` is what this process knows of earlier
 * ones; what it does not know is covered once more.
 */
export async function makeCheckpoint(deps: Deps, key: Buffer, covered: Covered): Promise<boolean> {
  const heads = await deps.store.read((snapshot) => uncoveredHeads(snapshot, covered));
  if (heads.length === 0) return false;
  await putCheckpoint(deps, key, heads);
  for (const { chain, head } of heads) covered.set(chain, head.seq);
  return true;
}

/** Covers one chain: for a process that ends. */
export async function coverChain(deps: Deps, key: Buffer, chain: ChainId): Promise<void> {
  const value = await deps.store.read((snapshot) => snapshot.get(auditHeadKey(chain)));
  if (value !== undefined) await putCheckpoint(deps, key, [{ chain, head: decodeRecord<AuditHeadRecord>(value) }]);
}

async function putCheckpoint({ store, clock }: Deps, key: Buffer, heads: readonly ChainHead[]): Promise<void> {
  await store.transact(async (transaction) => {
    const { n, hash } = await lastCheckpoint(transaction);
    const next: Checkpoint = { n: n + 1, at: clock(), prev: hash, heads: heads.map(shownHead) };
    transaction.put(auditCheckpointKey(next.n), Buffer.from(checkpointLine(next, key), 'utf8'));
  });
}

type ChainHead = { readonly chain: ChainId; readonly head: AuditHeadRecord };

const shownHead = ({ chain, head: { seq, hash, at } }: ChainHead): CheckpointHead => [chainText(chain), seq, hash, at];

/** The number and hash of the last one, dropped ones included; 0: there was none. */
export async function lastCheckpoint(snapshot: Snapshot | Transaction): Promise<{ n: number; hash: string }> {
  const [last] = await snapshot.range({ ...auditCheckpointRange(), limit: 1, reverse: true });
  if (last !== undefined) {
    const line = textOf(last.value);
    return { n: (JSON.parse(line) as Checkpoint).n, hash: hashOf(line) };
  }
  return (await readBase(snapshot)).checkpoint;
}

async function uncoveredHeads(snapshot: Snapshot, covered: Covered): Promise<ChainHead[]> {
  const heads: ChainHead[] = [];
  for await (const chain of freshChains(snapshot)) {
    const value = await snapshot.get(auditHeadKey(chain));
    if (value === undefined) continue;
    const head = decodeRecord<AuditHeadRecord>(value);
    if (head.seq > (covered.get(chain) ?? 0)) heads.push({ chain, head });
    if (heads.length >= MAX_HEADS) break;
  }
  return heads;
}

/** Chains that have records outside of blocks: found by jumping from one to the next. */
export async function* freshChains(snapshot: Snapshot): AsyncGenerator<ChainId> {
  let { start, end } = auditFreshRange();
  for (;;) {
    const [first] = await snapshot.range({ start, end, limit: 1 });
    if (first === undefined) return;
    const { chain } = readAuditFreshKey(first.key);
    yield chain;
    start = auditFreshOfChainRange(chain).end;
  }
}
