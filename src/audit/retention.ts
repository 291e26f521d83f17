// Drops what is older than the operator wants to keep: whole blocks, the oldest first. What a chain lost that way is
// written down and sealed.
import type { MetadataStore, Snapshot, Transaction } from '../metadata/metadata-store.ts';
import {
  auditBoundaryKey,
  type AuditBoundaryRecord,
  auditCheckpointKey,
  auditCheckpointRange,
  auditChunkRange,
  auditHeadKey,
  type AuditHeadRecord,
  parseChain,
} from '../metadata/tables/audit.ts';
import {
  auditFacetsKey,
  auditGroupAccountsKey,
  auditGroupFacetsKey,
  auditGroupMetaKey,
  auditGroupTermsKey,
  auditMetaKey,
  auditTermsKey,
  GROUP_BLOCKS,
} from '../metadata/tables/audit-index.ts';
import { decodeRecord, encodeRecord } from '../metadata/tables/record.ts';
import { putBase, readBase } from './base.ts';
import type { ListedBlock } from './block-meta.ts';
import { unpackLines } from './build-block.ts';
import type { Checkpoint } from './checkpoint.ts';
import { BlockDirectory } from './directory.ts';
import { textOf } from './fresh.ts';
import { hashOf, readHead } from './lines.ts';
import { macOf } from './mac.ts';
import { MAX_BLOCK } from './postings.ts';
import { GROUP_SPLIT, PARTITIONS } from './terms.ts';

const MAX_CHECKPOINTS = 1000;

type Deps = { readonly store: MetadataStore };
type Oldest = { readonly block: ListedBlock; readonly group: number | null };

/** Drops the oldest block when all of it is older than `cutoff`; whether there was one. */
export async function dropOldestBlock({ store }: Deps, key: Buffer, cutoff: number): Promise<boolean> {
  const found = await store.read(async (snapshot) => {
    const oldest = await findOldest(snapshot);
    if (oldest === null || oldest.block.lastAt >= cutoff) return null;
    return { ...oldest, ends: await chainEnds(snapshot, oldest.block.block) };
  });
  if (found === null) return false;
  const { block, lastAt } = found.block;
  await store.transact(async (transaction) => {
    const base = await readBase(transaction);
    if (base.firstBlock > block) return;
    await deleteBlock(transaction, found);
    for (const [chain, end] of found.ends) await putBoundary(transaction, key, chain, end);
    const droppedBefore = Math.max(base.droppedBefore, lastAt + 1);
    putBase(transaction, key, { ...base, firstBlock: block + 1, droppedBefore });
  });
  return true;
}

async function findOldest(snapshot: Snapshot): Promise<Oldest | null> {
  const [span] = await new BlockDirectory().list(snapshot);
  const [block] = span?.blocks ?? [];
  return span === undefined || block === undefined ? null : { block, group: span.group };
}

/** Checkpoints that only speak of records that were dropped; whether there may be more. */
export async function dropOldCheckpoints({ store }: Deps, key: Buffer): Promise<boolean> {
  return store.transact(async (transaction) => {
    const base = await readBase(transaction);
    const rows = await transaction.range({ ...auditCheckpointRange(), limit: MAX_CHECKPOINTS });
    const lines = rows.map(({ value }) => textOf(value));
    const keep = lines.findIndex((line) => (JSON.parse(line) as Checkpoint).at >= base.droppedBefore);
    // the last one stays: the next is linked to it
    const old = lines.slice(0, keep < 0 ? lines.length - 1 : keep);
    const last = old.at(-1);
    if (last === undefined) return false;
    for (const line of old) transaction.delete(auditCheckpointKey((JSON.parse(line) as Checkpoint).n));
    putBase(transaction, key, { ...base, checkpoint: { n: (JSON.parse(last) as Checkpoint).n, hash: hashOf(last) } });
    return old.length === MAX_CHECKPOINTS;
  });
}

type End = { readonly seq: number; readonly hash: string };

/** Of each chain in the block, its last record there. */
async function chainEnds(snapshot: Snapshot, block: number): Promise<ReadonlyMap<string, End>> {
  const rows = await snapshot.range({ ...auditChunkRange(block), limit: MAX_BLOCK });
  const ends = new Map<string, End>();
  for (const line of rows.flatMap(({ value }) => unpackLines(value))) {
    const head = readHead(line);
    if (head !== null) ends.set(head.chain, { seq: head.seq, hash: hashOf(line) });
  }
  return ends;
}

async function deleteBlock(transaction: Transaction, { block: { block }, group }: Oldest): Promise<void> {
  const rows = await transaction.range({ ...auditChunkRange(block), limit: MAX_BLOCK });
  for (const { key } of rows) transaction.delete(key);
  if (group === null) {
    for (let partition = 0; partition < PARTITIONS; partition++) transaction.delete(auditTermsKey(partition, block));
    transaction.delete(auditFacetsKey(block));
    transaction.delete(auditMetaKey(block));
  } else if (block % GROUP_BLOCKS === GROUP_BLOCKS - 1) await deleteGroup(transaction, group);
}

/** With its last block. */
async function deleteGroup(transaction: Transaction, group: number): Promise<void> {
  const partitions = PARTITIONS * GROUP_SPLIT;
  for (let partition = 0; partition < partitions; partition++) {
    transaction.delete(auditGroupTermsKey(partition, group));
  }
  const accounts = await transaction.get(auditGroupAccountsKey(group));
  for (const accountId of accounts === undefined ? [] : (JSON.parse(textOf(accounts)) as string[])) {
    transaction.delete(auditGroupFacetsKey(accountId, group));
  }
  transaction.delete(auditGroupAccountsKey(group));
  transaction.delete(auditGroupMetaKey(group));
}

/** A chain that is dropped to its end needs none: it was silent for longer than any process keeps a chain. */
async function putBoundary(transaction: Transaction, key: Buffer, chainName: string, end: End): Promise<void> {
  const chain = parseChain(chainName);
  const value = await transaction.get(auditHeadKey(chain));
  const head = value === undefined ? undefined : decodeRecord<AuditHeadRecord>(value);
  if (head === undefined || head.seq <= end.seq) {
    transaction.delete(auditHeadKey(chain));
    transaction.delete(auditBoundaryKey(chain));
    return;
  }
  const boundary: AuditBoundaryRecord = { v: 1, ...end, mac: boundaryMac(key, chainName, end) };
  transaction.put(auditBoundaryKey(chain), encodeRecord(boundary));
}

export const boundaryMac = (key: Buffer, chain: string, { seq, hash }: End): string =>
  macOf(key, `boundary ${chain} ${seq} ${hash}`);
