// What goes with an account: its users, groups, service accounts, roles and policies, and what belongs to these.
import { prefixRange, tables } from '../metadata/keys.ts';
import type { Transaction } from '../metadata/metadata-store.ts';
import { apiTokenRange, serviceAccountByNameRange, serviceAccountKey } from '../metadata/tables/identities.ts';
import type { AccountId, ServiceAccountId } from '../shared/ids.ts';
import { readValues, textValue } from './read-records.ts';

/** Those whose keys begin with the account. */
const ofAccount = [
  tables.user,
  tables.userByName,
  tables.policy,
  tables.policyVersion,
  tables.group,
  tables.groupByName,
  tables.groupMember,
  tables.role,
  tables.roleByName,
  tables.openIdProvider,
] as const;
const ALL = 1_000_000;

export async function forgetIdentities(transaction: Transaction, accountId: AccountId): Promise<void> {
  const names = serviceAccountByNameRange(accountId);
  const ids = (await readValues(transaction, names)).map((value) => textValue(value) as ServiceAccountId);
  for (const id of ids) transaction.delete(serviceAccountKey(id));
  const ranges = [...ofAccount.map((table) => prefixRange(table, accountId)), names, ...ids.map(apiTokenRange)];
  for (const range of ranges) {
    for (const { key } of await transaction.range({ ...range, limit: ALL })) transaction.delete(key);
  }
}
