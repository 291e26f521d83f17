// When a key was last used: written at most once an hour per key and worker, never once a request.
import {
  OutcomeUnknownError,
  StoreFullError,
  StoreUnavailableError,
  TransactionConflictError,
  type MetadataStore,
  type Transaction,
} from '../metadata/metadata-store.ts';
import { type S3KeyRecord, type S3KeyUseRecord, s3KeyKey, s3KeyUseKey } from '../metadata/tables/identities.ts';
import { decodeRecord, encodeRecord } from '../metadata/tables/record.ts';
import type { AccessKey, S3KeyId } from '../shared/ids.ts';

const HOUR_MS = 3_600_000;
const MAX_KEYS = 100_000;

export type KeyUse = {
  readonly keyId: S3KeyId;
  readonly accessKey: AccessKey;
  readonly at: number;
  readonly action: string;
  readonly clientAddress: string;
  readonly request?: NonNullable<S3KeyUseRecord['request']>;
};

/** The hour this worker last wrote, by key. */
export type KeyUseMemory = Map<S3KeyId, number>;

/** Nothing more is to be written about the key in this hour. */
export const isNoted = (memory: KeyUseMemory, { keyId, at }: Pick<KeyUse, 'keyId' | 'at'>): boolean =>
  memory.get(keyId) === Math.floor(at / HOUR_MS);

export async function noteKeyUse(store: MetadataStore, memory: KeyUseMemory, use: KeyUse): Promise<void> {
  if (isNoted(memory, use)) return;
  if (memory.size >= MAX_KEYS) memory.clear();
  // before writing: of many requests at once only one writes, and a store that refuses is not asked again this hour
  memory.set(use.keyId, Math.floor(use.at / HOUR_MS));
  await tryToWrite(store, use);
}

/** Of a key that somebody watches: every request, with what came of it. */
export async function noteWatchedUse(store: MetadataStore, use: Required<KeyUse>): Promise<void> {
  await tryToWrite(store, use);
}

async function tryToWrite(store: MetadataStore, use: KeyUse): Promise<void> {
  try {
    await writeUse(store, use);
  } catch (error) {
    if (!isStoreError(error)) throw error;
  }
}

async function writeUse(store: MetadataStore, use: KeyUse): Promise<void> {
  const write = async (transaction: Transaction): Promise<void> => {
    const value = await transaction.get(s3KeyKey(use.accessKey));
    // deleted meanwhile: leave nothing behind
    if (value === undefined || decodeRecord<S3KeyRecord>(value).id !== use.keyId) return;
    const { at, action, clientAddress, request } = use;
    const record: S3KeyUseRecord = { v: 1, at, action, clientAddress, ...(request === undefined ? {} : { request }) };
    transaction.put(s3KeyUseKey(use.accessKey), encodeRecord(record));
  };
  await store.transact(write, { administrative: true });
}

/** A request must not fail because the time of its key's use could not be written. */
function isStoreError(error: unknown): boolean {
  return (
    error instanceof StoreFullError ||
    error instanceof StoreUnavailableError ||
    error instanceof TransactionConflictError ||
    error instanceof OutcomeUnknownError
  );
}
