// The chain of one process, on its way into the store: entries become lines only when it is sure what stands before them.
import { randomInt } from 'node:crypto';
import type { Transaction } from '../metadata/metadata-store.ts';
import { auditFreshKey, type AuditHeadRecord, auditHeadKey, type ChainId } from '../metadata/tables/audit.ts';
import { encodeRecord } from '../metadata/tables/record.ts';
import type { AuditEntry } from './entry.ts';
import { hashOf, lineOf, NO_HASH } from './lines.ts';

/** Fewer than a block's chunk has, so that one row is read fast. */
const LINES_PER_ROW = 64;
const ROW_CHARACTERS = 48 * 1024;

export type ChainHolder = { readonly host: string; readonly pid: number; readonly role: string };

/** Where a chain has come to. */
export type ChainEnd = { readonly seq: number; readonly hash: string; readonly at: number };

export type Chain = { readonly id: ChainId; readonly holder: ChainHolder; readonly end: ChainEnd };

/** 44 bits of milliseconds, 20 random: no two processes have the same. */
export function newChain(now: number, holder: ChainHolder): Chain {
  const id = (BigInt(now) << 20n) | BigInt(randomInt(2 ** 20));
  return { id, holder, end: { seq: 0, hash: NO_HASH, at: 0 } };
}

export type Batch = {
  readonly rows: readonly { readonly seq: number; readonly text: string }[];
  readonly end: ChainEnd;
};

/** The lines of `entries`, linked to the chain's end; the chain itself only moves when they are in the store. */
export function link(chain: Chain, entries: readonly AuditEntry[]): Batch {
  const rows: { seq: number; text: string }[] = [];
  let end = chain.end;
  let lines: string[] = [];
  let characters = 0;
  const finishRow = (): void => {
    if (lines.length > 0) rows.push({ seq: end.seq - lines.length + 1, text: lines.join('\n') });
    lines = [];
    characters = 0;
  };
  for (const entry of entries) {
    const at = Math.max(entry.at, end.at);
    const seq = end.seq + 1;
    const line = lineOf({ chain: chain.id, seq, prev: end.hash }, { ...entry, at });
    if (lines.length >= LINES_PER_ROW || characters + line.length > ROW_CHARACTERS) finishRow();
    lines.push(line);
    characters += line.length;
    end = { seq, hash: hashOf(line), at };
  }
  finishRow();
  return { rows, end };
}

/** Reads nothing, so it conflicts with nobody. */
export function putBatch(transaction: Transaction, { id, holder }: Chain, { rows, end }: Batch): void {
  for (const { seq, text } of rows) transaction.put(auditFreshKey(id, seq), Buffer.from(text, 'utf8'));
  const head: AuditHeadRecord = { v: 1, ...end, ...holder };
  transaction.put(auditHeadKey(id), encodeRecord(head));
}
