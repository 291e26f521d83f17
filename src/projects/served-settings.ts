// What the server that last ran on this store was started with, so that operator commands, which do not see its
// flags, keep to the same regions and limits.
import type { Limits } from '../config/config.ts';
import type { IdentityDeps } from '../identity/identity-deps.ts';
import { readRecord } from '../identity/read-records.ts';
import { encodeKey, tables } from '../metadata/keys.ts';
import { type MetadataStore, StoreFullError } from '../metadata/metadata-store.ts';
import { encodeRecord } from '../metadata/tables/record.ts';
import type { Region } from '../shared/ids.ts';

export type ServedSettings = {
  readonly v: 1;
  readonly regionNames: readonly [Region, ...Region[]];
  readonly limits: Limits;
};

const key = encodeKey(tables.meta, 'served-settings');

export function readServedSettings(store: MetadataStore): Promise<ServedSettings | undefined> {
  return store.read((snapshot) => readRecord<ServedSettings>(snapshot, key));
}

/** Writes only when something changed. A full disk must not keep the server from starting. */
export async function recordServedSettings({ store, regionNames, limits }: IdentityDeps): Promise<void> {
  const served: ServedSettings = { v: 1, regionNames, limits };
  const wanted = encodeRecord(served);
  const known = await store.read((snapshot) => snapshot.get(key));
  if (known !== undefined && Buffer.compare(known, wanted) === 0) return;
  try {
    await store.transact(async (transaction) => transaction.put(key, wanted));
  } catch (error) {
    if (!(error instanceof StoreFullError)) throw error;
  }
}
