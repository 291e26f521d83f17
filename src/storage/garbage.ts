// Bytes are deleted last: a commit that displaces a body only puts it in the queue, and the job deletes it when no read
// that began before the commit can still need it.
import type { Transaction } from '../metadata/metadata-store.ts';
import { type Garbage, type GarbageRecord, garbageKey } from '../metadata/tables/garbage.ts';
import type { ObjectBody, PartBody } from '../metadata/tables/objects.ts';
import { encodeRecord } from '../metadata/tables/record.ts';

/**
 * How long a displaced body stays readable. A GET that takes longer ends with an error when it comes to a part that
 * is gone (ids are never used again, so it cannot read wrong bytes).
 */
export const GRACE_MS = 60 * 60 * 1000;

function garbageId(garbage: Garbage): string {
  if (garbage.kind === 'parts') return garbage.listId;
  if (garbage.kind === 'upload') return garbage.uploadId;
  if (garbage.kind === 'bucket-uploads') return garbage.bucketId;
  return garbage.blobId;
}

export function discard(transaction: Transaction, garbage: Garbage, dueAt: number): void {
  const record: GarbageRecord = { v: 1, garbage };
  transaction.put(garbageKey(dueAt, garbageId(garbage)), encodeRecord(record));
}

/** The body of an object that is overwritten or deleted: somebody may be reading it. */
export function discardBody(transaction: Transaction, body: ObjectBody, now: number): void {
  discard(transaction, body, now + GRACE_MS);
}

/** The body of a part of an open upload: nobody can read it. */
export function discardPart(transaction: Transaction, body: PartBody, now: number): void {
  discard(transaction, body, now);
}
