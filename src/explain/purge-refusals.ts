// Takes out what is too old, and of each account what is too much.
import type { MetadataStore, Snapshot } from '../metadata/metadata-store.ts';
import { readRefusalByAccountKey, refusalKey, refusalsOfAccountRange } from '../metadata/tables/refusals.ts';
import type { Clock } from '../shared/clock.ts';
import { accountsWithRefusals } from './read-refusals.ts';

export const REFUSAL_DAYS = 7;
export const REFUSALS_PER_ACCOUNT = 2000;
const DAY_MS = 24 * 3_600_000;
const BATCH = 500;

type Deps = { readonly store: MetadataStore; readonly clock: Clock };

/** Returns how many were taken out. */
export async function purgeRefusals({ store, clock }: Deps): Promise<number> {
  const accounts = await store.read((snapshot) => Array.fromAsync(accountsWithRefusals(snapshot)));
  let purged = 0;
  for (const accountId of accounts) {
    for (;;) {
      const keys = await store.read((snapshot) => surplus(snapshot, accountId, clock() - REFUSAL_DAYS * DAY_MS));
      if (keys.length === 0) break;
      await store.transact(async (transaction) => {
        for (const key of keys) {
          transaction.delete(key);
          transaction.delete(refusalKey(readRefusalByAccountKey(key).requestId));
        }
      });
      purged += keys.length;
    }
  }
  return purged;
}

async function surplus(snapshot: Snapshot, accountId: string, cutoff: number): Promise<Uint8Array[]> {
  const range = refusalsOfAccountRange(accountId);
  const [newest, oldest] = await Promise.all([
    snapshot.range({ ...range, limit: REFUSALS_PER_ACCOUNT + 1, reverse: true }),
    snapshot.range({ ...range, limit: BATCH }),
  ]);
  if (newest.length > REFUSALS_PER_ACCOUNT) {
    const last = newest.at(-1)?.key ?? range.start;
    return oldest.map(({ key }) => key).filter((key) => Buffer.compare(key, last) <= 0);
  }
  return oldest.map(({ key }) => key).filter((key) => readRefusalByAccountKey(key).at < cutoff);
}
