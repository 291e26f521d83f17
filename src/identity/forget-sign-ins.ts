// What goes with a person, or with an account, of all that signing in has left in the store.
import type { Transaction } from '../metadata/metadata-store.ts';
import { decodeRecord } from '../metadata/tables/record.ts';
import {
  accountSettingRange,
  factorRange,
  federatedUserRange,
  identityProviderRange,
  passkeyOwnerKey,
  type PasskeyRecord,
  passwordHistoryKey,
} from '../metadata/tables/sign-in.ts';
import type { AccountId } from '../shared/ids.ts';
import type { Person } from './people.ts';
import { deleteSecondFactors } from './second-factors.ts';

const ALL = 1_000_000;

export async function forgetPerson(transaction: Transaction, person: Person): Promise<void> {
  await deleteSecondFactors(transaction, person);
  transaction.delete(passwordHistoryKey(person.accountId, person.ref));
}

export async function forgetAccountSignIns(transaction: Transaction, accountId: AccountId): Promise<void> {
  for (const { value } of await transaction.range({ ...factorRange('passkey', accountId), limit: ALL })) {
    transaction.delete(passkeyOwnerKey(decodeRecord<PasskeyRecord>(value).passkeyId));
  }
  const ranges = [
    ...(['history', 'totp', 'recovery', 'passkey'] as const).map((kind) => factorRange(kind, accountId)),
    accountSettingRange(accountId),
    identityProviderRange(accountId),
    federatedUserRange(accountId),
  ];
  for (const range of ranges) {
    for (const { key } of await transaction.range({ ...range, limit: ALL })) transaction.delete(key);
  }
}
