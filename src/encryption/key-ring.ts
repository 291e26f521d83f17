// The key-encryption keys: one for SSE-S3 and one for each named key of SSE-KMS, in the metadata store, sealed under the
// master key. Data keys hang under them, so a new master key reseals a handful of records and a new version of one of
// these keys touches no object: it wraps from then on, older versions go on unwrapping.
import { createSecretKey, generateKeySync, type KeyObject } from 'node:crypto';
import { sealIn } from '../identity/master-key-state.ts';
import { type MasterKey, openSealed } from '../identity/sealing.ts';
import { prefixRange, tables } from '../metadata/keys.ts';
import type { MetadataStore, Snapshot, Transaction } from '../metadata/metadata-store.ts';
import {
  type KeyEncryptionKeyRecord,
  keyEncryptionKeyKey,
  keyEncryptionKeyRange,
  type KeyPurpose,
} from '../metadata/tables/encryption.ts';
import { decodeRecord, encodeRecord } from '../metadata/tables/record.ts';
import type { Clock } from '../shared/clock.ts';

/** How long a process may go on wrapping with a version that is not the newest any more. */
const CURRENT_FOR_MS = 60_000;

export type KeyEncryptionKey = { readonly version: number; readonly key: KeyObject };

export type KeyRing = {
  /** what SSE-KMS requests may name */
  readonly kmsKeys: readonly string[];
  /** The newest version, which wraps; made when there is none. */
  current(purpose: KeyPurpose, name: string): Promise<KeyEncryptionKey>;
  /** Any version. undefined: there is no such key. */
  find(purpose: KeyPurpose, name: string, version: number): Promise<KeyObject | undefined>;
  /** What `find` would answer, when that need not be read. */
  known(purpose: KeyPurpose, name: string, version: number): KeyObject | undefined;
};

export type KeyRingDeps = {
  readonly store: MetadataStore;
  readonly masterKey: MasterKey;
  readonly clock: Clock;
};

export function createKeyRing(deps: KeyRingDeps, kmsKeys: readonly string[]): KeyRing {
  // Versions never change, so what was unsealed once is good for as long as the process runs.
  const known = new Map<string, KeyObject>();
  const newest = new Map<string, { readonly version: number; readonly readAt: number }>();
  const keep = async (record: KeyEncryptionKeyRecord): Promise<KeyObject> => {
    const key = await unsealKey(deps.masterKey, record);
    known.set(label(record.purpose, record.name, record.version), key);
    return key;
  };
  return {
    kmsKeys,
    current: async (purpose, name) => {
      const id = `${purpose}/${name}`;
      const now = deps.clock();
      const last = newest.get(id);
      const cached = last === undefined ? undefined : known.get(label(purpose, name, last.version));
      if (last !== undefined && cached !== undefined && now - last.readAt < CURRENT_FOR_MS && now >= last.readAt) {
        return { version: last.version, key: cached };
      }
      const record = await findOrMake(deps, purpose, name);
      newest.set(id, { version: record.version, readAt: now });
      return { version: record.version, key: await keep(record) };
    },
    known: (purpose, name, version) => known.get(label(purpose, name, version)),
    find: async (purpose, name, version) => {
      const cached = known.get(label(purpose, name, version));
      if (cached !== undefined) return cached;
      const value = await deps.store.read((snapshot) => snapshot.get(keyEncryptionKeyKey(purpose, name, version)));
      return value === undefined ? undefined : keep(decodeRecord<KeyEncryptionKeyRecord>(value));
    },
  };
}

export type KeyOverview = Pick<KeyEncryptionKeyRecord, 'purpose' | 'name' | 'version' | 'createdAt'>;

/** Far more than an operator names keys. */
const MAX_LISTED = 10_000;

/** Every version of every key, without the keys. */
export async function listKeyEncryptionKeys(store: MetadataStore): Promise<readonly KeyOverview[]> {
  const range = { ...prefixRange(tables.keyEncryptionKey), limit: MAX_LISTED };
  const entries = await store.read((snapshot) => snapshot.range(range));
  return entries.map(({ value }) => {
    const { purpose, name, version, createdAt } = decodeRecord<KeyEncryptionKeyRecord>(value);
    return { purpose, name, version, createdAt };
  });
}

/** From now on a new key wraps; what the older ones wrapped stays as it is. Returns the new version. */
export async function rotateKeyEncryptionKey(deps: KeyRingDeps, purpose: KeyPurpose, name: string): Promise<number> {
  return deps.store.transact(async (transaction) => {
    const newest = await findNewest(transaction, purpose, name);
    return (await putNewKey(deps, transaction, purpose, name, (newest?.version ?? 0) + 1)).version;
  });
}

async function findOrMake(deps: KeyRingDeps, purpose: KeyPurpose, name: string): Promise<KeyEncryptionKeyRecord> {
  const found = await deps.store.read((snapshot) => findNewest(snapshot, purpose, name));
  if (found !== undefined) return found;
  return deps.store.transact(
    async (transaction) =>
      (await findNewest(transaction, purpose, name)) ?? putNewKey(deps, transaction, purpose, name, 1),
  );
}

async function findNewest(
  snapshot: Snapshot,
  purpose: KeyPurpose,
  name: string,
): Promise<KeyEncryptionKeyRecord | undefined> {
  const [entry] = await snapshot.range({ ...keyEncryptionKeyRange(purpose, name), limit: 1, reverse: true });
  return entry === undefined ? undefined : decodeRecord<KeyEncryptionKeyRecord>(entry.value);
}

async function putNewKey(
  { masterKey, clock }: KeyRingDeps,
  transaction: Transaction,
  purpose: KeyPurpose,
  name: string,
  version: number,
): Promise<KeyEncryptionKeyRecord> {
  const bytes = generateKeySync('aes', { length: 256 }).export();
  const sealed = await sealIn(transaction, masterKey, bytes.toString('base64'), label(purpose, name, version));
  const record: KeyEncryptionKeyRecord = { v: 1, purpose, name, version, createdAt: clock(), sealed };
  transaction.put(keyEncryptionKeyKey(purpose, name, version), encodeRecord(record));
  return record;
}

async function unsealKey(masterKey: MasterKey, record: KeyEncryptionKeyRecord): Promise<KeyObject> {
  const { purpose, name, version, sealed } = record;
  return createSecretKey(Buffer.from(await openSealed(masterKey, sealed, label(purpose, name, version)), 'base64'));
}

/** What a sealed key is bound to. */
export const keyEncryptionKeyAad = ({ purpose, name, version }: KeyEncryptionKeyRecord): string =>
  label(purpose, name, version);

/** Also what the sealed key is bound to. */
const label = (purpose: KeyPurpose, name: string, version: number): string =>
  `key-encryption-key/${purpose}/${name}/${version}`;
