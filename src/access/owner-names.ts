// The display names that answers show beside canonical ids.
import { type AccountRecord, accountByCanonicalIdKey, accountKey } from '../metadata/tables/identities.ts';
import { decodeRecord } from '../metadata/tables/record.ts';
import type { Acl } from '../shared/acl.ts';
import type { AccountId } from '../shared/ids.ts';
import type { MetadataStore } from '../metadata/metadata-store.ts';

/** The value of an index by canonical id or e-mail. */
export const readAccountId = (value: Uint8Array): AccountId => Buffer.from(value).toString('utf8') as AccountId;

/** By canonical id; who has no account any more has no name. */
export type OwnerNames = ReadonlyMap<string, string>;

export async function readOwnerNames(
  { store }: { readonly store: MetadataStore },
  canonicalIds: readonly string[],
): Promise<OwnerNames> {
  const ids = [...new Set(canonicalIds)];
  return store.read(async (snapshot) => {
    const found = await snapshot.getMany(ids.map(accountByCanonicalIdKey));
    const known = ids.flatMap((id, index) => {
      const accountId = found[index];
      return accountId === undefined ? [] : [[id, readAccountId(accountId)] as const];
    });
    const accounts = await snapshot.getMany(known.map(([, accountId]) => accountKey(accountId)));
    return new Map(
      known.flatMap(([id], index) => {
        const account = accounts[index];
        return account === undefined ? [] : [[id, decodeRecord<AccountRecord>(account).name] as const];
      }),
    );
  });
}

/** Whose names an ACL needs. */
export const accountsIn = (acl: Acl): string[] =>
  acl.flatMap(({ grantee }) => (grantee.type === 'account' ? [grantee.canonicalId] : []));
