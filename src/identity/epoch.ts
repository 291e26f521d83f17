// The authorization epoch of an account: every change of its identities, policies, keys and projects bumps it, in the
// same commit. What was worked out at one epoch is valid for that epoch only, on every worker and machine.
import type { Snapshot, Transaction } from '../metadata/metadata-store.ts';
import { epochKey } from '../metadata/tables/identities.ts';
import type { AccountId } from '../shared/ids.ts';

export function decodeEpoch(value: Uint8Array | undefined): bigint {
  return value === undefined ? 0n : BigInt(Buffer.from(value).toString('latin1'));
}

export async function readEpoch(snapshot: Snapshot, accountId: AccountId): Promise<bigint> {
  return decodeEpoch(await snapshot.get(epochKey(accountId)));
}

export async function bumpEpoch(transaction: Transaction, accountId: AccountId): Promise<void> {
  const next = (await readEpoch(transaction, accountId)) + 1n;
  transaction.put(epochKey(accountId), Buffer.from(String(next), 'latin1'));
}
