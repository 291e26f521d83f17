// Former passwords, as hashes, so that the settings of an account can keep them from being used again.
import type { Transaction } from '../metadata/metadata-store.ts';
import { encodeRecord } from '../metadata/tables/record.ts';
import { type PasswordHistoryRecord, passwordHistoryKey } from '../metadata/tables/sign-in.ts';
import type { MetadataStore } from '../metadata/metadata-store.ts';
import { ProblemError } from '../shared/errors.ts';
import { verifyPassword } from './passwords.ts';
import type { Person } from './people.ts';
import { readRecord } from './read-records.ts';

/** As many as any setting can ask for, so that a stricter one finds them. */
export const MAX_PASSWORD_HISTORY = 24;

/** In the transaction that gives the person a new password. */
export async function keepFormerPassword(
  transaction: Transaction,
  { accountId, ref }: Person,
  formerHash: string | null,
): Promise<void> {
  if (formerHash === null) return;
  const key = passwordHistoryKey(accountId, ref);
  const known = await readRecord<PasswordHistoryRecord>(transaction, key);
  const record: PasswordHistoryRecord = {
    v: 1,
    hashes: [formerHash, ...(known?.hashes ?? [])].slice(0, MAX_PASSWORD_HISTORY),
  };
  transaction.put(key, encodeRecord(record));
}

/** Refuses the present password and the last `history` ones. */
export async function refuseUsedPassword(
  { store }: { readonly store: MetadataStore },
  { accountId, ref }: Person,
  wanted: { readonly password: string; readonly presentHash: string | null; readonly history: number },
): Promise<void> {
  const key = passwordHistoryKey(accountId, ref);
  const known = await store.read((snapshot) => readRecord<PasswordHistoryRecord>(snapshot, key));
  const former = (known?.hashes ?? []).slice(0, wanted.history);
  for (const hash of [wanted.presentHash, ...former]) {
    if (hash === null || !(await verifyPassword(wanted.password, hash))) continue;
    const message =
      wanted.history === 0
        ? 'The new password is the present one. Choose another.'
        : `The password was used before. Choose one that is not among the last ${wanted.history}.`;
    throw new ProblemError(400, 'password-used-before', message, { field: 'password' });
  }
}
