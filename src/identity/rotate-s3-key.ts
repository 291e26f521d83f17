// Rotation: a new pair takes a key's place, with everything that was set on it; the old pair goes on working for an
// overlap, so that its users can change over one after the other, and is dead from then on.
import type { Transaction } from '../metadata/metadata-store.ts';
import { type S3KeyRecord, s3KeyByAccountRange } from '../metadata/tables/identities.ts';
import { ProblemError } from '../shared/errors.ts';
import type { AccountId, S3KeyId } from '../shared/ids.ts';
import { bumpEpoch } from './epoch.ts';
import type { IdentityDeps } from './identity-deps.ts';
import { loadIdentity } from './load-identity.ts';
import { newPair } from './s3-key-facts.ts';
import { ownerOfKey } from './s3-key-record.ts';
import { deleteKey, putKey, readKeys } from './s3-key-rows.ts';
import { type MadeS3Key, addKey, getKey } from './s3-keys.ts';
import { showKey } from './shown-s3-key.ts';

const DAY_MS = 86_400_000;
export const DEFAULT_OVERLAP_MS = 3_600_000;
export const MAX_OVERLAP_MS = 7 * DAY_MS;
/** How long a pair that is dead after its rotation stays in the list. */
const REMEMBERED_MS = 30 * DAY_MS;

export type Rotation = {
  readonly accountId: AccountId;
  readonly id: S3KeyId;
  /** 0: the old pair dies at once */
  readonly overlapMs?: number | undefined;
};

/** In force at the next request on every worker, like every change of a key. */
export async function rotateS3Key(deps: IdentityDeps, wanted: Rotation): Promise<MadeS3Key> {
  const { accountId, id } = wanted;
  const overlapMs = parseOverlap(wanted.overlapMs ?? DEFAULT_OVERLAP_MS);
  const pair = newPair();
  const now = deps.clock();
  const record = await deps.store.transact(async (transaction) => {
    const old = await getKey(transaction, accountId, id);
    await checkRotatable(transaction, old, now);
    await forgetRotated(deps, transaction, accountId);
    const { v: _v, id: _id, sealedSecret: _sealed, ...facts } = old;
    const made = await addKey(
      deps,
      transaction,
      { ...facts, accessKey: pair.accessKey, createdAt: now },
      pair.secretKey,
    );
    putKey(transaction, { ...old, rotation: { replacedBy: made.id, endsAt: now + overlapMs } });
    await bumpEpoch(transaction, accountId);
    return showKey(transaction, made, now);
  });
  return { record, secretKey: pair.secretKey };
}

function parseOverlap(overlapMs: number): number {
  if (Number.isSafeInteger(overlapMs) && overlapMs >= 0 && overlapMs <= MAX_OVERLAP_MS) return overlapMs;
  throw new ProblemError(400, 'invalid-overlap', 'The old pair can go on working for 0 to 7 days.', {
    field: 'overlapSeconds',
  });
}

async function checkRotatable(transaction: Transaction, old: S3KeyRecord, now: number): Promise<void> {
  if (old.rotation !== undefined) {
    const message = `This key was rotated already. Rotate the one that took its place: ${old.rotation.replacedBy}`;
    throw new ProblemError(409, 'already-rotated', message);
  }
  if (old.status !== 'active') throw new ProblemError(409, 'key-disabled', 'The key is disabled. Enable it first.');
  if (old.expiresAt !== null && old.expiresAt <= now) {
    throw new ProblemError(409, 'key-expired', 'The key has expired. Set a new expiry first, or make a new key.');
  }
  if ((await loadIdentity(transaction, old.accountId, ownerOfKey(old))) !== undefined) return;
  throw new ProblemError(409, 'creator-inactive', 'The account or the creator of this key is disabled or deleted.');
}

/** The dead ones that nobody needs to see any more; and never more of them than the account may have keys. */
async function forgetRotated(deps: IdentityDeps, transaction: Transaction, accountId: AccountId): Promise<void> {
  const limit = Math.max(1, deps.limits['keys-per-account']);
  const now = deps.clock();
  const rotated = (await readKeys(transaction, s3KeyByAccountRange(accountId)))
    .flatMap((record) => (record.rotation === undefined ? [] : [{ record, endsAt: record.rotation.endsAt }]))
    .toSorted((a, b) => a.endsAt - b.endsAt);
  let left = rotated.length;
  for (const { record, endsAt } of rotated) {
    const isDead = endsAt <= now;
    if (!isDead || (left < limit && now - endsAt < REMEMBERED_MS)) continue;
    deleteKey(transaction, record);
    left--;
  }
  if (left < limit) return;
  const message = `${left} rotated keys are still in their overlap. Delete those that nobody uses any more.`;
  throw new ProblemError(409, 'limit-exceeded', message);
}
