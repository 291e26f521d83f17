// The current object of a key: what a write replaces and a delete removes, with everything that must change together.
import type { Bytes, Transaction } from '../metadata/metadata-store.ts';
import { currentKey, type ObjectRecord } from '../metadata/tables/objects.ts';
import { decodeRecord, encodeRecord } from '../metadata/tables/record.ts';
import type { ObjectKey } from '../shared/ids.ts';
import { discardBody } from './garbage.ts';
import { charge, type UsageDelta, type WriteScope } from './write-scope.ts';

export const decodeObject = (value: Bytes | undefined): ObjectRecord | undefined =>
  value === undefined ? undefined : decodeRecord<ObjectRecord>(value);

/** Bytes and objects that go when `previous` does. */
const released = (previous: ObjectRecord | undefined): UsageDelta =>
  previous === undefined ? { bytes: 0, objects: 0 } : { bytes: -previous.sizeBytes, objects: -1 };

/**
 * Makes `record` the current object. `addedBytes` is what it adds to what is stored: its size, unless its bytes were
 * counted before as parts.
 */
export function replaceObject(
  transaction: Transaction,
  scope: WriteScope,
  target: { readonly key: ObjectKey; readonly previous: ObjectRecord | undefined; readonly addedBytes: number },
  record: ObjectRecord,
): void {
  transaction.put(currentKey(scope.bucket.bucketId, target.key), encodeRecord(record));
  if (target.previous !== undefined) discardBody(transaction, target.previous.body, record.lastModified);
  const gone = released(target.previous);
  charge(transaction, scope, { bytes: target.addedBytes + gone.bytes, objects: 1 + gone.objects });
}

export function removeObject(
  transaction: Transaction,
  scope: WriteScope,
  target: { readonly key: ObjectKey; readonly previous: ObjectRecord },
  now: number,
): void {
  transaction.delete(currentKey(scope.bucket.bucketId, target.key));
  discardBody(transaction, target.previous.body, now);
  charge(transaction, scope, released(target.previous));
}
