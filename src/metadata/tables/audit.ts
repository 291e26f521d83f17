// The audit trail in the store.
//
//   fresh rows    some records of one chain, in the order in which its process wrote them
//   blocks        up to 1,024 records in order of time, taken from the fresh rows: compressed, never changed again,
//                 and indexed (audit-index.ts)
//   checkpoints   what all chains had come to at one moment, chained themselves and sealed with a key
//
// A record stands in a fresh row or in a block, never in both.
import { encodeKey, KeyReader, prefixRange, tables } from '../keys.ts';
import type { Bytes } from '../metadata-store.ts';
import type { SealedText } from './identities.ts';

type KeyRange = { readonly start: Bytes; readonly end: Bytes };

/** One writing process: its start in ms since 1970 (44 bits), then 20 random bits. */
export type ChainId = bigint;

export const chainText = (chain: ChainId): string => chain.toString(16).padStart(16, '0');
export const parseChain = (text: string): ChainId => BigInt(`0x${text}`);

/** value: lines of records, `\n` between them; `seq` is that of the first */
export const auditFreshKey = (chain: ChainId, seq: number): Bytes =>
  encodeKey(tables.audit, 'fresh', chain, BigInt(seq));
export const auditFreshRange = (): KeyRange => prefixRange(tables.audit, 'fresh');
export const auditFreshOfChainRange = (chain: ChainId): KeyRange => prefixRange(tables.audit, 'fresh', chain);
export function readAuditFreshKey(key: Bytes): { readonly chain: ChainId; readonly seq: number } {
  const reader = new KeyReader(key);
  reader.text();
  return { chain: reader.uint(), seq: Number(reader.uint()) };
}

/** value: 64 lines of records, compressed */
export const auditChunkKey = (block: number, chunk: number): Bytes =>
  encodeKey(tables.audit, 'block', BigInt(block), BigInt(chunk));
export const auditChunkRange = (block: number): KeyRange => prefixRange(tables.audit, 'block', BigInt(block));
/** Of the blocks from this one on. */
export const auditChunksFrom = (block: number): KeyRange => ({
  start: auditChunkRange(block).start,
  end: prefixRange(tables.audit, 'block').end,
});
export function readAuditChunkKey(key: Bytes): number {
  const reader = new KeyReader(key);
  reader.text();
  return Number(reader.uint());
}

/** What a chain has come to. */
export type AuditHeadRecord = {
  readonly v: 1;
  readonly seq: number;
  readonly hash: string;
  /** of its last record */
  readonly at: number;
  readonly host: string;
  readonly pid: number;
  /** `worker 1`, `command` */
  readonly role: string;
};

/** value: AuditHeadRecord */
export const auditHeadKey = (chain: ChainId): Bytes => encodeKey(tables.auditCheckpoint, 'head', chain);
export const auditHeadRange = (): KeyRange => prefixRange(tables.auditCheckpoint, 'head');
export function readAuditHeadKey(key: Bytes): ChainId {
  const reader = new KeyReader(key);
  reader.text();
  return reader.uint();
}

/** value: the line of a checkpoint (audit/checkpoint-line.ts) */
export const auditCheckpointKey = (n: number): Bytes => encodeKey(tables.auditCheckpoint, 'checkpoint', BigInt(n));
export const auditCheckpointRange = (): KeyRange => prefixRange(tables.auditCheckpoint, 'checkpoint');

/** Of a chain whose first records were dropped when their time was over: the last of those. */
export type AuditBoundaryRecord = {
  readonly v: 1;
  readonly seq: number;
  readonly hash: string;
  readonly mac: string;
};

/** value: AuditBoundaryRecord */
export const auditBoundaryKey = (chain: ChainId): Bytes => encodeKey(tables.auditCheckpoint, 'boundary', chain);
export const auditBoundaryRange = (): KeyRange => prefixRange(tables.auditCheckpoint, 'boundary');

/** Where the trail begins after records were dropped. */
export type AuditBaseRecord = {
  readonly v: 1;
  /** the oldest block there is */
  readonly firstBlock: number;
  /** records before this time may be gone */
  readonly droppedBefore: number;
  /** the last checkpoint that was dropped; n 0: none was */
  readonly checkpoint: { readonly n: number; readonly hash: string };
  readonly mac: string;
};

/** value: AuditBaseRecord */
export const auditBaseKey = (): Bytes => encodeKey(tables.auditCheckpoint, 'base');
/** value: a decimal number: the next block's; numbers are not used again */
export const auditNextBlockKey = (): Bytes => encodeKey(tables.auditCheckpoint, 'next-block');

export const AUDIT_KEY_AAD = 'vstorage/audit-key/v1';

/** What checkpoints and boundaries are sealed with. */
export type AuditKeyRecord = { readonly v: 1; readonly sealed: SealedText };

/** value: AuditKeyRecord */
export const auditKeyKey = (): Bytes => encodeKey(tables.auditCheckpoint, 'key');
export const auditKeyRange = (): KeyRange => prefixRange(tables.auditCheckpoint, 'key');

/** How far a target has been told: all of the blocks before `block`, and what of the fresh rows stands in `ahead`. */
export type AuditPushRecord = {
  readonly v: 1;
  readonly block: number;
  /** by chain: the last record it was told */
  readonly ahead: Readonly<Record<string, number>>;
  /** null: it took what it was told last */
  readonly error: string | null;
  readonly updatedAt: number;
};

/** value: AuditPushRecord */
export const auditPushKey = (target: string): Bytes => encodeKey(tables.auditCheckpoint, 'push', target);
