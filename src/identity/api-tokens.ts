// Bearer tokens of service accounts: a program shows its id and secret, and gets a token that lives for a while. The
// token is random and only its SHA-256 is stored. It is dead at once when the service account is disabled or deleted,
// gets another secret, or its user may no longer act as it.
import { hash, randomBytes, timingSafeEqual } from 'node:crypto';
import type { Snapshot, Transaction } from '../metadata/metadata-store.ts';
import {
  type ApiTokenRecord,
  type ServiceAccountRecord,
  apiTokenKey,
  apiTokenRange,
  serviceAccountKey,
} from '../metadata/tables/identities.ts';
import { decodeRecord, encodeRecord } from '../metadata/tables/record.ts';
import { ProblemError } from '../shared/errors.ts';
import type { ServiceAccountId } from '../shared/ids.ts';
import type { Clock } from '../shared/clock.ts';
import type { IdentityDeps } from './identity-deps.ts';
import { readRecord } from './read-records.ts';
import { hashClientSecret, readServiceAccount } from './service-accounts.ts';

/** A program that asks for a token before each request finds its limit here, not the server its. */
const MAX_LIVING = 1000;
const NOTE_USE_MS = 60_000;
const TOKEN = /^vst_([0-9a-f]{32})_[A-Za-z0-9_-]{43}$/;

const hashOf = (token: string): string => hash('sha256', token, 'hex');

/** Whether a bearer token can be one of a service account. */
export const isApiToken = (token: string): boolean => TOKEN.test(token);

export type ClientCredentials = { readonly clientId: string; readonly clientSecret: string };
export type IssuedToken = {
  readonly token: string;
  readonly expiresInSeconds: number;
  readonly record: ApiTokenRecord;
};

/** RFC 6749 names the error; the same for an unknown id, a wrong secret and a disabled service account. */
export function invalidClient(): ProblemError {
  const message = 'The client id or the client secret is not right, or the service account is disabled.';
  const members = { error: 'invalid_client', error_description: message };
  return new ProblemError(401, 'invalid-client', message, { members });
}

/** Errors: ProblemError 401 `invalid-client`, 429 `too-many-tokens`. */
export async function issueToken(
  deps: IdentityDeps,
  { clientId, clientSecret }: ClientCredentials,
  clientAddress: string,
): Promise<IssuedToken> {
  const id = clientId.toLowerCase() as ServiceAccountId;
  const given = Buffer.from(hashClientSecret(clientSecret));
  return putToken(deps, id, { clientAddress }, (serviceAccount) => {
    const isRight = serviceAccount !== undefined && timingSafeEqual(given, Buffer.from(serviceAccount.secretHash));
    if (!isRight || serviceAccount.status !== 'active') throw invalidClient();
    return serviceAccount;
  });
}

type TokenFacts = Pick<ApiTokenRecord, 'clientAddress' | 'impersonator'>;

/** `check` gets the service account as it is in the transaction and says whether it may have the token. */
export async function putToken(
  deps: IdentityDeps,
  id: ServiceAccountId,
  facts: TokenFacts,
  check: (
    serviceAccount: ServiceAccountRecord | undefined,
    transaction: Transaction,
  ) => ServiceAccountRecord | Promise<ServiceAccountRecord>,
): Promise<IssuedToken> {
  const now = deps.clock();
  const token = `vst_${id.replaceAll('-', '')}_${randomBytes(32).toString('base64url')}`;
  const expired = await findExpired(deps, id, now);
  return deps.store.transact(async (transaction) => {
    const serviceAccount = await check(await readServiceAccount(transaction, id), transaction);
    const { accountId, tokenGeneration: generation, tokenLifespanSeconds: expiresInSeconds } = serviceAccount;
    const times = { createdAt: now, expiresAt: now + expiresInSeconds * 1000 };
    const record: ApiTokenRecord = { v: 1, accountId, serviceAccountId: id, generation, ...times, ...facts };
    transaction.put(apiTokenKey(id, hashOf(token)), encodeRecord(record));
    for (const key of expired) transaction.delete(key);
    noteUse(transaction, serviceAccount, now);
    return { token, expiresInSeconds, record };
  });
}

/** Outside the transaction, so that tokens given at the same time do not wait for each other. */
async function findExpired(
  { store }: Pick<IdentityDeps, 'store'>,
  id: ServiceAccountId,
  now: number,
): Promise<Uint8Array[]> {
  const range = { ...apiTokenRange(id), limit: MAX_LIVING * 2 };
  const rows = await store.read((snapshot) => snapshot.range(range));
  const expired = rows.filter(({ value }) => decodeRecord<ApiTokenRecord>(value).expiresAt <= now);
  if (rows.length - expired.length < MAX_LIVING) return expired.map(({ key }) => key);
  const message = `The service account has ${MAX_LIVING} tokens that have not expired. Use those again until they do.`;
  throw new ProblemError(429, 'too-many-tokens', message, { retryAfterSeconds: 60 });
}

function noteUse(transaction: Transaction, serviceAccount: ServiceAccountRecord, now: number): void {
  if (now - (serviceAccount.lastUsedAt ?? 0) < NOTE_USE_MS) return;
  const used: ServiceAccountRecord = { ...serviceAccount, lastUsedAt: now };
  transaction.put(serviceAccountKey(serviceAccount.serviceAccountId), encodeRecord(used));
}

/** undefined: unknown, expired, or of a service account that has changed since. */
export async function readToken(
  { clock }: { readonly clock: Clock },
  snapshot: Snapshot,
  token: string,
): Promise<ApiTokenRecord | undefined> {
  const [, digits = ''] = TOKEN.exec(token) ?? [];
  if (digits === '') return undefined;
  const id = digits.replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, '$1-$2-$3-$4-$5') as ServiceAccountId;
  const [record, serviceAccount] = await Promise.all([
    readRecord<ApiTokenRecord>(snapshot, apiTokenKey(id, hashOf(token))),
    readServiceAccount(snapshot, id),
  ]);
  if (record === undefined || record.expiresAt <= clock()) return undefined;
  return serviceAccount?.tokenGeneration === record.generation ? record : undefined;
}

export async function revokeToken(
  { store }: Pick<IdentityDeps, 'store'>,
  { serviceAccountId }: Pick<ApiTokenRecord, 'serviceAccountId'>,
  token: string,
): Promise<void> {
  const key = apiTokenKey(serviceAccountId, hashOf(token));
  await store.transact(async (transaction) => transaction.delete(key), { administrative: true });
}
