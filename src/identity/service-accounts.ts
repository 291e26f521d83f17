// Service accounts: identities for programs. They ask for tokens with their id and a secret (api-tokens.ts), may have S3
// keys, and users of root accounts they trust may act as them (impersonation.ts).
import { hash, randomUUID } from 'node:crypto';
import type { Snapshot, Transaction } from '../metadata/metadata-store.ts';
import {
  type ServiceAccountRecord,
  accountKey,
  apiTokenRange,
  serviceAccountByNameKey,
  serviceAccountByNameRange,
  serviceAccountKey,
} from '../metadata/tables/identities.ts';
import { encodeRecord } from '../metadata/tables/record.ts';
import { ProblemError } from '../shared/errors.ts';
import { type AccountId, type ServiceAccountId, newServiceAccountId } from '../shared/ids.ts';
import { getAccountRecord } from './accounts.ts';
import { bumpEpoch } from './epoch.ts';
import { checkServiceAccountName } from './iam-names.ts';
import type { IdentityDeps } from './identity-deps.ts';
import { checkDescription, checkPolicyName, checkPolicyNames } from './policies.ts';
import { noSuchHolder } from './policy-holders.ts';
import { readServiceAccounts } from './policy-usage.ts';
import { encodeText, readRecord, textValue } from './read-records.ts';
import { deleteKeysOfOwner } from './s3-key-rows.ts';

export const DEFAULT_TOKEN_LIFESPAN_SECONDS = 1800;
export const MIN_TOKEN_LIFESPAN_SECONDS = 60;
export const MAX_TOKEN_LIFESPAN_SECONDS = 86_400;
const MAX_TRUSTED = 20;

/** What may be shown of one. */
export type ServiceAccount = Omit<ServiceAccountRecord, 'secretHash' | 'tokenGeneration'>;

export function publicServiceAccount(record: ServiceAccountRecord): ServiceAccount {
  const { secretHash: _secret, tokenGeneration: _generation, ...shown } = record;
  return shown;
}

/** The secret is random: nothing slower than this is needed. */
export const hashClientSecret = (secret: string): string => hash('sha256', secret, 'hex');

export type NewServiceAccount = {
  readonly accountId: AccountId;
  readonly name: string;
  readonly description?: string;
  readonly policies?: readonly string[];
  readonly boundary?: string | null;
  readonly tokenLifespanSeconds?: number;
  readonly trustedAccounts?: readonly AccountId[];
};

/** The secret is in this answer and nowhere else. */
export async function createServiceAccount(
  deps: IdentityDeps,
  wanted: NewServiceAccount,
): Promise<{ serviceAccount: ServiceAccount; clientSecret: string }> {
  const { accountId, name, description = '', policies = [], boundary = null, trustedAccounts = [] } = wanted;
  const tokenLifespanSeconds = wanted.tokenLifespanSeconds ?? DEFAULT_TOKEN_LIFESPAN_SECONDS;
  checkServiceAccountName(name);
  checkDescription(description);
  checkLifespan(tokenLifespanSeconds);
  const clientSecret = randomUUID();
  const now = deps.clock();
  const serviceAccount = await deps.store.transact(async (transaction) => {
    await getAccountRecord(transaction, accountId);
    await checkLimit(deps, transaction, accountId);
    const rights = {
      policies: await checkPolicyNames(deps, transaction, accountId, policies),
      boundary: boundary === null ? null : await checkPolicyName(transaction, accountId, boundary),
      trustedAccounts: await checkTrusted(transaction, accountId, trustedAccounts),
    };
    const secret = { secretHash: hashClientSecret(clientSecret), secretChangedAt: now, tokenGeneration: 1 };
    const facts = { accountId, name, description, tokenLifespanSeconds, createdAt: now };
    const id = newServiceAccountId();
    const record: ServiceAccountRecord = {
      v: 1,
      serviceAccountId: id,
      status: 'active',
      ...facts,
      ...secret,
      ...rights,
    };
    await takeName(transaction, record);
    transaction.put(serviceAccountKey(id), encodeRecord(record));
    await bumpEpoch(transaction, accountId);
    return publicServiceAccount(record);
  });
  return { serviceAccount, clientSecret };
}

function checkLifespan(seconds: number): void {
  if (Number.isSafeInteger(seconds) && seconds >= MIN_TOKEN_LIFESPAN_SECONDS && seconds <= MAX_TOKEN_LIFESPAN_SECONDS)
    return;
  const message = `A token lives ${MIN_TOKEN_LIFESPAN_SECONDS} to ${MAX_TOKEN_LIFESPAN_SECONDS} seconds.`;
  throw new ProblemError(400, 'invalid-token-lifespan', message, { field: 'tokenLifespanSeconds' });
}

async function checkLimit(deps: IdentityDeps, transaction: Transaction, accountId: AccountId): Promise<void> {
  const limit = deps.limits['service-accounts-per-account'];
  const present = await transaction.range({ ...serviceAccountByNameRange(accountId), limit: Math.max(1, limit) });
  if (present.length < limit) return;
  throw new ProblemError(409, 'limit-exceeded', `An account may have ${limit} service accounts. Delete some first.`);
}

/** Each once, the own account left out: its users need no trust. */
async function checkTrusted(
  snapshot: Snapshot,
  own: AccountId,
  trusted: readonly AccountId[],
): Promise<readonly AccountId[]> {
  const ids = [...new Set(trusted)].filter((id) => id !== own);
  const invalid = (message: string): ProblemError =>
    new ProblemError(400, 'invalid-trusted-account', message, { field: 'trustedAccounts' });
  if (ids.length > MAX_TRUSTED) throw invalid(`At most ${MAX_TRUSTED} root accounts can be trusted.`);
  for (const id of ids) {
    if (/^\d{12}$/.test(id) && (await snapshot.get(accountKey(id))) !== undefined) continue;
    throw invalid(`There is no root account ${id}. An account id has 12 digits.`);
  }
  return ids;
}

async function takeName(transaction: Transaction, record: ServiceAccountRecord): Promise<void> {
  const key = serviceAccountByNameKey(record.accountId, record.name);
  const owner = await transaction.get(key);
  if (owner !== undefined && textValue(owner) !== record.serviceAccountId) {
    const message = `There is a service account named ${record.name} already.`;
    throw new ProblemError(409, 'service-account-name-taken', message, { field: 'name' });
  }
  transaction.put(key, encodeText(record.serviceAccountId));
}

/** By name. */
export async function listServiceAccounts(deps: IdentityDeps, accountId: AccountId): Promise<ServiceAccount[]> {
  const records = await deps.store.read((snapshot) => readServiceAccounts(snapshot, accountId));
  return records.map(publicServiceAccount);
}

export async function findServiceAccount(
  deps: Pick<IdentityDeps, 'store'>,
  accountId: AccountId,
  idOrName: string,
): Promise<ServiceAccount | undefined> {
  const record = await deps.store.read(async (snapshot) => {
    const byId = await readServiceAccount(snapshot, idOrName as ServiceAccountId);
    if (byId?.accountId === accountId) return byId;
    const id = await snapshot.get(serviceAccountByNameKey(accountId, idOrName));
    return id === undefined ? undefined : readServiceAccount(snapshot, textValue(id) as ServiceAccountId);
  });
  return record === undefined ? undefined : publicServiceAccount(record);
}

export const readServiceAccount = (
  snapshot: Snapshot,
  id: ServiceAccountId,
): Promise<ServiceAccountRecord | undefined> => readRecord<ServiceAccountRecord>(snapshot, serviceAccountKey(id));

async function getServiceAccount(
  snapshot: Snapshot,
  accountId: AccountId,
  id: ServiceAccountId,
): Promise<ServiceAccountRecord> {
  const record = await readServiceAccount(snapshot, id);
  if (record?.accountId !== accountId) throw noSuchHolder('service-account');
  return record;
}

async function changeServiceAccount(
  deps: IdentityDeps,
  accountId: AccountId,
  id: ServiceAccountId,
  change: (record: ServiceAccountRecord, transaction: Transaction) => Promise<Partial<ServiceAccountRecord>>,
): Promise<ServiceAccount> {
  const apply = async (transaction: Transaction): Promise<ServiceAccount> => {
    const before = await getServiceAccount(transaction, accountId, id);
    const record: ServiceAccountRecord = { ...before, ...(await change(before, transaction)) };
    if (record.name !== before.name) {
      transaction.delete(serviceAccountByNameKey(accountId, before.name));
      await takeName(transaction, record);
    }
    transaction.put(serviceAccountKey(id), encodeRecord(record));
    await bumpEpoch(transaction, accountId);
    return publicServiceAccount(record);
  };
  return deps.store.transact(apply, { administrative: true });
}

export type ServiceAccountChange = {
  readonly name?: string | undefined;
  readonly description?: string | undefined;
  readonly status?: ServiceAccountRecord['status'] | undefined;
  readonly tokenLifespanSeconds?: number | undefined;
  readonly trustedAccounts?: readonly AccountId[] | undefined;
};

/** What is undefined stays. Disabling kills its tokens for good, and its S3 keys until it is enabled again. */
export function updateServiceAccount(
  deps: IdentityDeps,
  accountId: AccountId,
  id: ServiceAccountId,
  change: ServiceAccountChange,
): Promise<ServiceAccount> {
  return changeServiceAccount(deps, accountId, id, async (before, transaction) => {
    const { name = before.name, description = before.description, status = before.status } = change;
    const { tokenLifespanSeconds = before.tokenLifespanSeconds } = change;
    if (name !== before.name) checkServiceAccountName(name);
    checkDescription(description);
    checkLifespan(tokenLifespanSeconds);
    const trustedAccounts =
      change.trustedAccounts === undefined
        ? before.trustedAccounts
        : await checkTrusted(transaction, accountId, change.trustedAccounts);
    const tokenGeneration = before.tokenGeneration + (status === 'disabled' && before.status === 'active' ? 1 : 0);
    return { name, description, status, tokenLifespanSeconds, trustedAccounts, tokenGeneration };
  });
}

/** The former secret and all tokens are dead at once; S3 keys stay. The new one is in this answer and nowhere else. */
export async function resetClientSecret(
  deps: IdentityDeps,
  accountId: AccountId,
  id: ServiceAccountId,
): Promise<{ serviceAccount: ServiceAccount; clientSecret: string }> {
  const clientSecret = randomUUID();
  const serviceAccount = await changeServiceAccount(deps, accountId, id, async ({ tokenGeneration }) => ({
    secretHash: hashClientSecret(clientSecret),
    secretChangedAt: deps.clock(),
    tokenGeneration: tokenGeneration + 1,
  }));
  return { serviceAccount, clientSecret };
}

/** With its tokens and S3 keys, those attached to it among them, for good. */
export async function deleteServiceAccount(
  deps: IdentityDeps,
  accountId: AccountId,
  id: ServiceAccountId,
): Promise<ServiceAccount> {
  return deps.store.transact(async (transaction) => {
    const record = await getServiceAccount(transaction, accountId, id);
    transaction.delete(serviceAccountKey(id));
    transaction.delete(serviceAccountByNameKey(accountId, record.name));
    await deleteKeysOfOwner(transaction, accountId, { type: 'service-account', serviceAccountId: id });
    for (const { key } of await transaction.range({ ...apiTokenRange(id), limit: 10_000 })) transaction.delete(key);
    await bumpEpoch(transaction, accountId);
    return publicServiceAccount(record);
  });
}
