// Temporary credentials: rows like S3 keys, that end by themselves. The session token is random and only its SHA-256 is
// stored; who they act as, and what of it, is worked out at each request (access/temporary-signers.ts).
import { hash, randomBytes, randomInt } from 'node:crypto';
import type { Transaction } from '../metadata/metadata-store.ts';
import {
  type TemporaryKeyRecord,
  temporaryKeyByAccountKey,
  temporaryKeyByExpiryKey,
  temporaryKeyKey,
  temporaryKeysExpiredRange,
  temporaryKeysOfAccountRange,
} from '../metadata/tables/temporary-keys.ts';
import { encodeRecord } from '../metadata/tables/record.ts';
import { ProblemError } from '../shared/errors.ts';
import { type AccessKey, type AccountId, newS3KeyId, newSecretKey } from '../shared/ids.ts';
import type { IdentityDeps } from './identity-deps.ts';
import { sealIn } from './master-key-state.ts';
import { encodeText, readRecord, textValue } from './read-records.ts';

/** What begins the access keys of temporary credentials, as AWS's do. */
export const TEMPORARY_PREFIX = 'ASIA';
/** Expired ones are told that they are, for so long; later nobody knows them. */
const REMEMBERED_MS = 24 * 3_600_000;
const PURGE_PAGE = 500;
const BASE32 = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567';

/** 20 characters, as AWS's: `AKIA…` of keys that last, `ASIA…` of temporary ones. */
export const newAwsAccessKey = (prefix: 'AKIA' | 'ASIA'): AccessKey =>
  `${prefix}${Array.from({ length: 16 }, () => BASE32[randomInt(BASE32.length)]).join('')}` as AccessKey;

/** A sealed secret opens only for the credentials it was made for. */
export const temporarySecretAad = ({
  accessKey,
  id,
  accountId,
}: Pick<TemporaryKeyRecord, 'accessKey' | 'id' | 'accountId'>): string =>
  `temporary-key/${accountId}/${id}/${accessKey}`;

export const tokenHashOf = (token: string): string => hash('sha256', token, 'hex');

export type TemporaryDraft = Omit<
  TemporaryKeyRecord,
  'v' | 'id' | 'accessKey' | 'sealedSecret' | 'tokenHash' | 'createdAt'
>;

/** What is sent once. */
export type TemporaryCredentials = {
  readonly accessKey: AccessKey;
  readonly secretKey: string;
  readonly token: string;
  readonly expiresAt: number;
};

/** Of the account that asks; several at once may go a little over it. Errors: limit-exceeded. */
export async function checkTemporaryLimit(deps: IdentityDeps, accountId: AccountId): Promise<void> {
  const limit = deps.limits['temporary-keys-per-account'];
  const range = { ...temporaryKeysOfAccountRange(accountId, deps.clock()), limit: Math.max(1, limit) };
  const living = await deps.store.read((snapshot) => snapshot.range(range));
  if (living.length < limit) return;
  const message = `The account has ${limit} temporary credentials that have not expired yet, its limit. Use those again.`;
  throw new ProblemError(409, 'limit-exceeded', message);
}

export async function putTemporaryKey(
  deps: IdentityDeps,
  transaction: Transaction,
  draft: TemporaryDraft,
): Promise<TemporaryCredentials> {
  const accessKey = newAwsAccessKey(TEMPORARY_PREFIX);
  if ((await transaction.get(temporaryKeyKey(accessKey))) !== undefined) {
    return putTemporaryKey(deps, transaction, draft);
  }
  const secretKey = newSecretKey();
  // as long as AWS's: clients that cut or re-encode tokens would fail there too
  const token = randomBytes(192).toString('base64');
  const facts = { v: 1, id: newS3KeyId(), accessKey, tokenHash: tokenHashOf(token), createdAt: deps.clock() } as const;
  const unsealed = { ...draft, ...facts };
  const sealedSecret = await sealIn(transaction, deps.masterKey, secretKey, temporarySecretAad(unsealed));
  putRows(transaction, { ...unsealed, sealedSecret });
  return { accessKey, secretKey, token, expiresAt: draft.expiresAt };
}

function putRows(transaction: Transaction, record: TemporaryKeyRecord): void {
  transaction.put(temporaryKeyKey(record.accessKey), encodeRecord(record));
  for (const key of indexKeys(record)) transaction.put(key, encodeText(record.accessKey));
}

const indexKeys = (record: TemporaryKeyRecord): Uint8Array[] => [
  temporaryKeyByExpiryKey(record),
  temporaryKeyByAccountKey(record),
];

export type PurgeDeps = Pick<IdentityDeps, 'store' | 'clock'>;

/** Takes away what expired a day ago, a page of it. */
export async function purgeTemporaryKeys(deps: PurgeDeps): Promise<{ purged: number; more: boolean }> {
  const range = { ...temporaryKeysExpiredRange(Math.max(0, deps.clock() - REMEMBERED_MS)), limit: PURGE_PAGE };
  const purge = async (transaction: Transaction): Promise<number> => {
    const entries = await transaction.range(range);
    for (const { key, value } of entries) {
      const accessKey = textValue(value) as AccessKey;
      const record = await readRecord<TemporaryKeyRecord>(transaction, temporaryKeyKey(accessKey));
      transaction.delete(key);
      transaction.delete(temporaryKeyKey(accessKey));
      if (record !== undefined) for (const index of indexKeys(record)) transaction.delete(index);
    }
    return entries.length;
  };
  const purged = await deps.store.transact(purge, { administrative: true });
  return { purged, more: purged === PURGE_PAGE };
}
