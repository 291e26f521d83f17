// A key stands in five places: its record by access key, its use, and indexes by id, by project and by owner.
// They are written and deleted together, here only.
import type { Bytes, Snapshot, Transaction } from '../metadata/metadata-store.ts';
import {
  type IdentityRef,
  type S3KeyRecord,
  s3KeyByIdKey,
  s3KeyByOwnerKey,
  s3KeyByOwnerRange,
  s3KeyByProjectKey,
  s3KeyByProjectRange,
  s3KeyKey,
  s3KeyUseKey,
} from '../metadata/tables/identities.ts';
import { decodeRecord, encodeRecord } from '../metadata/tables/record.ts';
import type { AccessKey, AccountId, ProjectId, S3KeyId } from '../shared/ids.ts';
import { encodeText, readRecord, readValues, textValue } from './read-records.ts';
import { ownerOfKey } from './s3-key-record.ts';

const indexKeys = (record: S3KeyRecord): Bytes[] => [
  s3KeyByIdKey(record.id),
  s3KeyByProjectKey(record.accountId, record.projectId, record.id),
  ownerIndexKey(record),
];

const ownerIndexKey = (record: S3KeyRecord): Bytes => s3KeyByOwnerKey(record.accountId, ownerOfKey(record), record.id);

export function putKey(transaction: Transaction, record: S3KeyRecord): void {
  transaction.put(s3KeyKey(record.accessKey), encodeRecord(record));
  for (const key of indexKeys(record)) transaction.put(key, encodeText(record.accessKey));
}

/** For one that gets another owner. */
export function moveKey(transaction: Transaction, before: S3KeyRecord, after: S3KeyRecord): void {
  transaction.delete(ownerIndexKey(before));
  putKey(transaction, after);
}

export function deleteKey(transaction: Transaction, record: S3KeyRecord): void {
  for (const key of [s3KeyKey(record.accessKey), s3KeyUseKey(record.accessKey), ...indexKeys(record)]) {
    transaction.delete(key);
  }
}

export async function readKeyById(snapshot: Snapshot, id: S3KeyId): Promise<S3KeyRecord | undefined> {
  const accessKey = await snapshot.get(s3KeyByIdKey(id));
  return accessKey === undefined ? undefined : readRecord(snapshot, s3KeyKey(textValue(accessKey) as AccessKey));
}

/** The keys an index range names. */
export async function readKeys(snapshot: Snapshot, index: { start: Bytes; end: Bytes }): Promise<S3KeyRecord[]> {
  const accessKeys = (await readValues(snapshot, index)).map((value) => textValue(value) as AccessKey);
  const values = accessKeys.length === 0 ? [] : await snapshot.getMany(accessKeys.map(s3KeyKey));
  return values.flatMap((value) => (value === undefined ? [] : [decodeRecord<S3KeyRecord>(value)]));
}

export async function deleteKeysOfOwner(
  transaction: Transaction,
  accountId: AccountId,
  owner: IdentityRef,
): Promise<void> {
  const records = await readKeys(transaction, s3KeyByOwnerRange(accountId, owner));
  for (const record of records) deleteKey(transaction, record);
}

export async function deleteKeysOfProject(
  transaction: Transaction,
  accountId: AccountId,
  projectId: ProjectId,
): Promise<void> {
  const records = await readKeys(transaction, s3KeyByProjectRange(accountId, projectId));
  for (const record of records) deleteKey(transaction, record);
}
