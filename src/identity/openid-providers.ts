// OpenID Connect providers whose tokens roles of the account can trust. (Those that people sign in to the console with are
// others: identity-providers.ts.)
import type { Snapshot, Transaction } from '../metadata/metadata-store.ts';
import {
  type OpenIdProviderRecord,
  openIdProviderKey,
  openIdProviderRange,
} from '../metadata/tables/temporary-keys.ts';
import { encodeRecord } from '../metadata/tables/record.ts';
import { ProblemError } from '../shared/errors.ts';
import type { AccountId } from '../shared/ids.ts';
import { getAccountRecord } from './accounts.ts';
import { bumpEpoch } from './epoch.ts';
import { checkTags } from './iam-names.ts';
import type { IdentityDeps } from './identity-deps.ts';
import { readRecord, readRecords } from './read-records.ts';

export const MAX_CLIENT_IDS = 100;

export type NewOpenIdProvider = Omit<OpenIdProviderRecord, 'v' | 'createdAt'>;

/** As it stands in ARNs and in condition keys: the URL without its scheme. */
export const openIdProviderName = (url: string): string => url.replace(/^https?:\/\//, '');

export async function createOpenIdProvider(
  deps: IdentityDeps,
  wanted: NewOpenIdProvider,
): Promise<OpenIdProviderRecord> {
  checkTags(wanted.tags ?? []);
  const clientIds = checkClientIds(wanted.clientIds);
  const record: OpenIdProviderRecord = { v: 1, ...wanted, clientIds, createdAt: deps.clock() };
  const { accountId } = record;
  return deps.store.transact(async (transaction) => {
    await getAccountRecord(transaction, accountId);
    if ((await find(transaction, accountId, openIdProviderName(record.url))) !== undefined) {
      const message = `Provider with url ${record.url} already exists.`;
      throw new ProblemError(409, 'provider-taken', message, { field: 'url' });
    }
    const limit = deps.limits['openid-providers-per-account'];
    const present = await transaction.range({ ...openIdProviderRange(accountId), limit: Math.max(1, limit) });
    if (present.length >= limit) {
      const message = `An account may have ${limit} OpenID Connect providers. Delete some first.`;
      throw new ProblemError(409, 'limit-exceeded', message);
    }
    return put(transaction, record);
  });
}

async function put(transaction: Transaction, record: OpenIdProviderRecord): Promise<OpenIdProviderRecord> {
  transaction.put(openIdProviderKey(record.accountId, openIdProviderName(record.url)), encodeRecord(record));
  await bumpEpoch(transaction, record.accountId);
  return record;
}

function checkClientIds(clientIds: readonly string[]): string[] {
  const unique = [...new Set(clientIds)];
  if (unique.length <= MAX_CLIENT_IDS) return unique;
  throw new ProblemError(409, 'limit-exceeded', `A provider may have ${MAX_CLIENT_IDS} client ids.`);
}

const find = (snapshot: Snapshot, accountId: AccountId, name: string): Promise<OpenIdProviderRecord | undefined> =>
  readRecord<OpenIdProviderRecord>(snapshot, openIdProviderKey(accountId, name));

export const findOpenIdProvider = (
  { store }: Pick<IdentityDeps, 'store'>,
  accountId: AccountId,
  name: string,
): Promise<OpenIdProviderRecord | undefined> => store.read((snapshot) => find(snapshot, accountId, name));

/** By name. */
export const listOpenIdProviders = (
  { store }: Pick<IdentityDeps, 'store'>,
  accountId: AccountId,
): Promise<OpenIdProviderRecord[]> =>
  store.read((snapshot) => readRecords<OpenIdProviderRecord>(snapshot, openIdProviderRange(accountId)));

export const noSuchOpenIdProvider = (name: string): ProblemError =>
  new ProblemError(404, 'no-such-provider', `There is no OpenID Connect provider ${name}.`);

type Change = Partial<Pick<OpenIdProviderRecord, 'clientIds' | 'thumbprints' | 'tags'>>;

export function changeOpenIdProvider(
  deps: Pick<IdentityDeps, 'store'>,
  accountId: AccountId,
  name: string,
  change: (record: OpenIdProviderRecord) => Change,
): Promise<OpenIdProviderRecord> {
  const apply = async (transaction: Transaction): Promise<OpenIdProviderRecord> => {
    const record = await find(transaction, accountId, name);
    if (record === undefined) throw noSuchOpenIdProvider(name);
    const changed: OpenIdProviderRecord = { ...record, ...change(record) };
    checkTags(changed.tags ?? []);
    return put(transaction, { ...changed, clientIds: checkClientIds(changed.clientIds) });
  };
  return deps.store.transact(apply, { administrative: true });
}

/** Credentials that its tokens gave end at their next request. */
export async function deleteOpenIdProvider(
  deps: Pick<IdentityDeps, 'store'>,
  accountId: AccountId,
  name: string,
): Promise<void> {
  const remove = async (transaction: Transaction): Promise<void> => {
    if ((await find(transaction, accountId, name)) === undefined) throw noSuchOpenIdProvider(name);
    transaction.delete(openIdProviderKey(accountId, name));
    await bumpEpoch(transaction, accountId);
  };
  await deps.store.transact(remove, { administrative: true });
}
