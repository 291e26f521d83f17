// Drops what is older than the operator wants to keep: whole blocks, the oldest first. What a chain lost that way is
// written down and sealed, so that `verify` knows it from what somebody took away.
import type { MetadataStore, Snapshot, Transaction } from '../metadata/metadata-store.ts';
import {
  auditBaseKey,
  type AuditBaseRecord,
  auditBoundaryKey,
  type AuditBoundaryRecord,
  auditCheckpointKey,
  auditCheckpointRange,
  auditChunkRange,
  auditFacetsKey,
  auditHeadKey,
  type AuditHeadRecord,
  auditMetaKey,
  auditMetaRange,
  auditTermsKey,
  parseChain,
  readAuditBlockKey,
} from '../metadata/tables/audit.ts';
import { decodeRecord, encodeRecord } from '../metadata/tables/record.ts';
import { decodeMeta } from './block-meta.ts';
import { unpackLines } from './build-block.ts';
import { type Checkpoint, macOf } from './checkpoint.ts';
import { textOf } from './fresh.ts';
import { hashOf, NO_HASH, readHead } from './lines.ts';
import { MAX_BLOCK } from './postings.ts';
import { PARTITIONS } from './terms.ts';

const MAX_CHECKPOINTS = 1000;
const NO_BASE = { droppedBefore: 0, checkpoint: { n: 0, hash: NO_HASH } } as const;

type Deps = { readonly store: MetadataStore };

/** Drops the oldest block when all of it is older than `cutoff`; whether there was one. */
export async function dropOldestBlock({ store }: Deps, key: Buffer, cutoff: number): Promise<boolean> {
  const oldest = await store.read(async (snapshot) => {
    const [first] = await snapshot.range({ ...auditMetaRange(), limit: 1 });
    if (first === undefined) return null;
    const { lastAt } = decodeMeta(first.value);
    const block = readAuditBlockKey(first.key);
    return lastAt >= cutoff ? null : { block, lastAt, ends: await chainEnds(snapshot, block) };
  });
  if (oldest === null) return false;
  const { block, lastAt, ends } = oldest;
  await store.transact(async (transaction) => {
    if ((await transaction.get(auditMetaKey(block))) === undefined) return;
    await deleteBlock(transaction, block);
    for (const [chain, end] of ends) await putBoundary(transaction, key, chain, end);
    const base = await readBase(transaction);
    putBase(transaction, key, { ...base, droppedBefore: Math.max(base.droppedBefore, lastAt + 1) });
  });
  return true;
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
    const checkpoint = { n: (JSON.parse(last) as Checkpoint).n, hash: hashOf(last) };
    putBase(transaction, key, { ...base, checkpoint });
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

async function deleteBlock(transaction: Transaction, block: number): Promise<void> {
  const rows = await transaction.range({ ...auditChunkRange(block), limit: MAX_BLOCK });
  for (const { key } of rows) transaction.delete(key);
  for (let partition = 0; partition < PARTITIONS; partition++) transaction.delete(auditTermsKey(partition, block));
  transaction.delete(auditFacetsKey(block));
  transaction.delete(auditMetaKey(block));
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

type Base = Pick<AuditBaseRecord, 'droppedBefore' | 'checkpoint'>;

export const baseMac = (key: Buffer, { droppedBefore, checkpoint }: Base): string =>
  macOf(key, `base ${droppedBefore} ${checkpoint.n} ${checkpoint.hash}`);

export async function readBase(snapshot: Snapshot): Promise<Base> {
  const value = await snapshot.get(auditBaseKey());
  return value === undefined ? NO_BASE : decodeRecord<AuditBaseRecord>(value);
}

function putBase(transaction: Transaction, key: Buffer, { droppedBefore, checkpoint }: Base): void {
  const base: AuditBaseRecord = { v: 1, droppedBefore, checkpoint, mac: baseMac(key, { droppedBefore, checkpoint }) };
  transaction.put(auditBaseKey(), encodeRecord(base));
}
