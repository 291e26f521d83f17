// The identity providers of an account: whom the account trusts to say who somebody is.
import { randomUUID } from 'node:crypto';
import type { Snapshot, Transaction } from '../metadata/metadata-store.ts';
import { encodeRecord } from '../metadata/tables/record.ts';
import {
  federatedUserRange,
  type GroupMapping,
  identityProviderKey,
  identityProviderRange,
  type IdentityProviderRecord,
} from '../metadata/tables/sign-in.ts';
import { getAccountRecord } from '../identity/accounts.ts';
import type { IdentityDeps } from '../identity/identity-deps.ts';
import { sealIn } from '../identity/master-key-state.ts';
import { checkPolicyNames } from '../identity/policies.ts';
import { readRecord, readRecords } from '../identity/read-records.ts';
import { identityProviderAad } from '../identity/sign-in-secrets.ts';
import { ProblemError } from '../shared/errors.ts';
import type { AccountId } from '../shared/ids.ts';
import { checkProviderUrl } from './provider-requests.ts';

/** As the original's. */
export const MAX_IDENTITY_PROVIDERS = 5;

export type ProviderDeps = Pick<IdentityDeps, 'store' | 'clock' | 'masterKey' | 'limits'> & {
  readonly allowHttp: boolean;
};

/** What may be shown of one. */
export type IdentityProvider = Omit<IdentityProviderRecord, 'v' | 'sealedSecret'> & { readonly hasSecret: boolean };

export type ProviderFields = Omit<
  IdentityProviderRecord,
  'v' | 'accountId' | 'providerId' | 'sealedSecret' | 'createdAt' | 'updatedAt'
> & {
  /** null or empty: a public client */
  readonly clientSecret: string | null;
};

function publicProvider(record: IdentityProviderRecord): IdentityProvider {
  const { v: _, sealedSecret, ...rest } = record;
  // GCM adds nothing to the length: nothing sealed is nothing stored
  return { ...rest, hasSecret: sealedSecret.ciphertext !== '' };
}

export const readProviders = (snapshot: Snapshot, accountId: AccountId): Promise<IdentityProviderRecord[]> =>
  readRecords<IdentityProviderRecord>(snapshot, identityProviderRange(accountId));

export const readProvider = (
  snapshot: Snapshot,
  accountId: AccountId,
  providerId: string,
): Promise<IdentityProviderRecord | undefined> =>
  readRecord<IdentityProviderRecord>(snapshot, identityProviderKey(accountId, providerId));

/** By name. */
export async function listProviders(deps: ProviderDeps, accountId: AccountId): Promise<IdentityProvider[]> {
  const records = await deps.store.read((snapshot) => readProviders(snapshot, accountId));
  return records.map(publicProvider).toSorted((a, b) => a.name.localeCompare(b.name, 'en'));
}

async function getProvider(snapshot: Snapshot, accountId: AccountId, id: string): Promise<IdentityProviderRecord> {
  const record = await readProvider(snapshot, accountId, id);
  if (record === undefined) throw new ProblemError(404, 'no-such-provider', 'There is no such identity provider.');
  return record;
}

export const findProvider = async (deps: ProviderDeps, accountId: AccountId, id: string): Promise<IdentityProvider> =>
  publicProvider(await deps.store.read((snapshot) => getProvider(snapshot, accountId, id)));

export async function createProvider(
  deps: ProviderDeps,
  accountId: AccountId,
  { clientSecret, ...fields }: ProviderFields,
): Promise<IdentityProvider> {
  return deps.store.transact(async (transaction) => {
    await getAccountRecord(transaction, accountId);
    const present = await readProviders(transaction, accountId);
    if (present.length >= MAX_IDENTITY_PROVIDERS) {
      const message = `An account may have ${MAX_IDENTITY_PROVIDERS} identity providers. Remove one first.`;
      throw new ProblemError(409, 'limit-exceeded', message);
    }
    const providerId = randomUUID();
    const now = deps.clock();
    const sealedSecret = await sealSecret(deps, transaction, { accountId, providerId }, clientSecret);
    const facts = { accountId, providerId, sealedSecret, createdAt: now, updatedAt: now };
    const groupMappings = await checkMappings(deps, transaction, accountId, fields.groupMappings);
    return putProvider(deps, transaction, { v: 1, ...facts, ...fields, groupMappings });
  });
}

/** What is not given stays, also a mapping to a policy that is gone: the provider can be disabled all the same. */
export async function updateProvider(
  deps: ProviderDeps,
  { accountId, id }: { readonly accountId: AccountId; readonly id: string },
  { clientSecret, groupMappings: wanted, ...change }: Partial<ProviderFields>,
): Promise<IdentityProvider> {
  return deps.store.transact(async (transaction) => {
    const present = await getProvider(transaction, accountId, id);
    const sealedSecret =
      clientSecret === undefined ? present.sealedSecret : await sealSecret(deps, transaction, present, clientSecret);
    const groupMappings =
      wanted === undefined ? present.groupMappings : await checkMappings(deps, transaction, accountId, wanted);
    const updatedAt = deps.clock();
    return putProvider(deps, transaction, { ...present, ...change, groupMappings, sealedSecret, updatedAt });
  });
}

const checkMappings = (
  deps: ProviderDeps,
  transaction: Transaction,
  accountId: AccountId,
  mappings: readonly GroupMapping[],
): Promise<GroupMapping[]> =>
  Promise.all(
    mappings.map(async ({ group, policies }) => ({
      group,
      policies: await checkPolicyNames(deps, transaction, accountId, policies),
    })),
  );

const sealSecret = (
  deps: ProviderDeps,
  transaction: Transaction,
  of: Pick<IdentityProviderRecord, 'accountId' | 'providerId'>,
  secret: string | null,
): Promise<IdentityProviderRecord['sealedSecret']> =>
  sealIn(transaction, deps.masterKey, secret ?? '', identityProviderAad(of));

function putProvider(deps: ProviderDeps, transaction: Transaction, record: IdentityProviderRecord): IdentityProvider {
  checkProviderUrl(record.issuer, deps.allowHttp);
  if (!record.scopes.includes('openid')) {
    const message = 'The scopes must have openid among them.';
    throw new ProblemError(400, 'invalid-scopes', message, { field: 'scopes' });
  }
  transaction.put(identityProviderKey(record.accountId, record.providerId), encodeRecord(record));
  return publicProvider(record);
}

/** The IAM users it has made stay, and can sign in no more unless they get a password. */
export async function deleteProvider(deps: ProviderDeps, accountId: AccountId, id: string): Promise<void> {
  await deps.store.transact(async (transaction) => {
    await getProvider(transaction, accountId, id);
    transaction.delete(identityProviderKey(accountId, id));
    const links = await transaction.range({ ...federatedUserRange(accountId, id), limit: 100_000 });
    for (const { key } of links) transaction.delete(key);
  });
}
