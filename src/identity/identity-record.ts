// Where the record of an identity stands, and what it is called, whether or not it may do anything.
import type { Bytes, Snapshot } from '../metadata/metadata-store.ts';
import {
  type AccountRecord,
  type IdentityRef,
  type RoleRecord,
  type ServiceAccountRecord,
  type UserRecord,
  accountKey,
  roleKey,
  serviceAccountKey,
  userKey,
} from '../metadata/tables/identities.ts';
import { decodeRecord } from '../metadata/tables/record.ts';
import type { AccountId } from '../shared/ids.ts';

export function identityRecordKey(accountId: AccountId, ref: IdentityRef): Bytes {
  switch (ref.type) {
    case 'root':
      return accountKey(accountId);
    case 'user':
      return userKey(accountId, ref.userId);
    case 'service-account':
      return serviceAccountKey(ref.serviceAccountId);
    case 'role':
      return roleKey(accountId, ref.roleId);
  }
}

/** The root's e-mail or the identity's name; undefined: it is gone. */
export async function readIdentityName(
  snapshot: Snapshot,
  accountId: AccountId,
  ref: IdentityRef,
): Promise<string | undefined> {
  const value = await snapshot.get(identityRecordKey(accountId, ref));
  if (value === undefined) return undefined;
  if (ref.type === 'root') return decodeRecord<AccountRecord>(value).email;
  if (ref.type === 'user') return decodeRecord<UserRecord>(value).username;
  return decodeRecord<RoleRecord | ServiceAccountRecord>(value).name;
}
