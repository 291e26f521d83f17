// Waiting for the requests of a key. The key's record itself says so, which every request reads afresh: it holds on all
// nodes from the next request on, and ends by itself.
import type { MetadataStore } from '../metadata/metadata-store.ts';
import { type S3KeyUseRecord, s3KeyUseKey } from '../metadata/tables/identities.ts';
import type { AccessKey, AccountId, S3KeyId } from '../shared/ids.ts';
import type { IdentityDeps } from './identity-deps.ts';
import { readRecord } from './read-records.ts';
import { putKey } from './s3-key-rows.ts';
import { getKey } from './s3-keys.ts';

const WATCH_MS = 10 * 60_000;

/** Requests from `since` on are noted until `until`. */
export type KeyWatch = { readonly since: number; readonly until: number };

export async function watchKey(
  deps: Pick<IdentityDeps, 'store' | 'clock'>,
  accountId: AccountId,
  id: S3KeyId,
): Promise<KeyWatch> {
  return deps.store.transact(async (transaction) => {
    const record = await getKey(transaction, accountId, id);
    const since = deps.clock();
    const until = since + WATCH_MS;
    putKey(transaction, { ...record, watchedUntil: until });
    return { since, until };
  });
}

/** The latest request of a watched key; null: none since it is watched. */
export async function readLatestUse(
  { store }: { readonly store: MetadataStore },
  accessKey: AccessKey,
): Promise<Required<S3KeyUseRecord> | null> {
  const use = await store.read((snapshot) => readRecord<S3KeyUseRecord>(snapshot, s3KeyUseKey(accessKey)));
  const { request } = use ?? {};
  return use === undefined || request === undefined ? null : { ...use, request };
}
