// While somebody copies the blobs that one moment's metadata names, none of them may be deleted: the collectors wait
// for as long as a hold stands. A holder that died is waited for until its hold ends by itself.
import { encodeKey, prefixRange, tables } from '../metadata/keys.ts';
import type { MetadataStore } from '../metadata/metadata-store.ts';
import { readMove } from '../metadata/move-record.ts';
import { decodeRecord, encodeRecord } from '../metadata/tables/record.ts';
import type { Clock } from '../shared/clock.ts';

type HoldRecord = { readonly v: 1; readonly until: number };

const HOLD_MS = 10 * 60_000;
const RENEW_MS = 60_000;
const LABEL = 'collection-hold';

type HoldDeps = { readonly store: MetadataStore; readonly clock: Clock };

export class HoldLostError extends Error {
  override readonly name = 'HoldLostError';
}

export type CollectionHold = AsyncDisposable & {
  /** Throws HoldLostError when the hold ended in the meantime: what is still missing may have been deleted. */
  check(): void;
};

export async function holdCollection(deps: HoldDeps, holder: string): Promise<CollectionHold> {
  const key = encodeKey(tables.meta, LABEL, holder);
  let until = 0;
  const renew = async (): Promise<void> => {
    const record: HoldRecord = { v: 1, until: deps.clock() + HOLD_MS };
    await deps.store.transact(async (transaction) => transaction.put(key, encodeRecord(record)), {
      administrative: true,
    });
    until = record.until;
  };
  await renew();
  // a renewal that fails is tried again; `check` tells when that was not enough
  const timer = setInterval(() => void renew().catch(() => {}), RENEW_MS);
  return {
    check: () => {
      if (deps.clock() >= until) throw new HoldLostError('the store could not be reached for too long: start again');
    },
    [Symbol.asyncDispose]: async () => {
      clearInterval(timer);
      await deps.store.transact(async (transaction) => transaction.delete(key), { administrative: true });
    },
  };
}

export async function isCollectionHeld({ store, clock }: HoldDeps): Promise<boolean> {
  return store.read(async (snapshot) => {
    // a move copies for as long as it takes, over its own death too
    if ((await readMove(snapshot)) !== undefined) return true;
    const rows = await snapshot.range({ ...prefixRange(tables.meta, LABEL), limit: 100 });
    return rows.some(({ value }) => decodeRecord<HoldRecord>(value).until > clock());
  });
}
