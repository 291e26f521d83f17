// Where the trail begins after records were dropped because their time was over. It is sealed, so that `verify` knows it
// from what somebody took away.
import type { Snapshot, Transaction } from '../metadata/metadata-store.ts';
import { auditBaseKey, type AuditBaseRecord } from '../metadata/tables/audit.ts';
import { decodeRecord, encodeRecord } from '../metadata/tables/record.ts';
import { NO_HASH } from './lines.ts';
import { macOf } from './mac.ts';

export type Base = Pick<AuditBaseRecord, 'firstBlock' | 'droppedBefore' | 'checkpoint'>;

export const NO_BASE: Base = { firstBlock: 0, droppedBefore: 0, checkpoint: { n: 0, hash: NO_HASH } };

export async function readBase(snapshot: Snapshot): Promise<Base> {
  const value = await snapshot.get(auditBaseKey());
  return value === undefined ? NO_BASE : decodeRecord<AuditBaseRecord>(value);
}

export const baseMac = (key: Buffer, { firstBlock, droppedBefore, checkpoint }: Base): string =>
  macOf(key, `base ${firstBlock} ${droppedBefore} ${checkpoint.n} ${checkpoint.hash}`);

export function putBase(transaction: Transaction, key: Buffer, base: Base): void {
  const { firstBlock, droppedBefore, checkpoint } = base;
  const record: AuditBaseRecord = { v: 1, firstBlock, droppedBefore, checkpoint, mac: baseMac(key, base) };
  transaction.put(auditBaseKey(), encodeRecord(record));
}
