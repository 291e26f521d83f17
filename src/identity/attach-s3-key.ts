// An S3 key attached to a service account has that account's rights instead of its creator's, and lives and dies with it.
// A key is attached to one service account at most; a service account may have many.
import type { S3KeyRecord } from '../metadata/tables/identities.ts';
import { ProblemError } from '../shared/errors.ts';
import type { AccountId, S3KeyId, ServiceAccountId } from '../shared/ids.ts';
import { bumpEpoch } from './epoch.ts';
import { readIdentityName } from './identity-record.ts';
import type { IdentityDeps } from './identity-deps.ts';
import { noSuchHolder } from './policy-holders.ts';
import { ownerOfKey } from './s3-key-record.ts';
import { moveKey } from './s3-key-rows.ts';
import { getKey } from './s3-keys.ts';
import { readServiceAccount } from './service-accounts.ts';
import { type S3Key, showKey } from './shown-s3-key.ts';

type Place = { readonly accountId: AccountId; readonly id: S3KeyId };

/** In force at the next request on every worker. Errors: already-attached, no-such-s3-key, no-such-service-account. */
export async function attachS3Key(
  deps: IdentityDeps,
  { accountId, id }: Place,
  serviceAccountId: ServiceAccountId,
): Promise<S3Key> {
  return deps.store.transact(async (transaction) => {
    const before = await getKey(transaction, accountId, id);
    const serviceAccount = await readServiceAccount(transaction, serviceAccountId);
    if (serviceAccount?.accountId !== accountId) throw noSuchHolder('service-account');
    const owner = ownerOfKey(before);
    if (owner.type === 'service-account') {
      const message =
        owner.serviceAccountId === serviceAccountId
          ? `The S3 key belongs to ${serviceAccount.name} already.`
          : 'The S3 key belongs to another service account. Detach it there first.';
      throw new ProblemError(409, 'already-attached', message);
    }
    const after: S3KeyRecord = { ...before, serviceAccountId };
    moveKey(transaction, before, after);
    await bumpEpoch(transaction, accountId);
    return showKey(transaction, after, deps.clock());
  });
}

/** It has its creator's rights again. Errors: not-attached; creator-gone: then it can only be deleted. */
export async function detachS3Key(deps: IdentityDeps, { accountId, id }: Place): Promise<S3Key> {
  return deps.store.transact(async (transaction) => {
    const before = await getKey(transaction, accountId, id);
    if ((before.serviceAccountId ?? null) === null) {
      throw new ProblemError(409, 'not-attached', 'The S3 key is not attached to a service account.');
    }
    if ((await readIdentityName(transaction, accountId, before.creator)) === undefined) {
      const message = 'Whoever made this S3 key is deleted, so nobody would own it. Delete the key instead.';
      throw new ProblemError(409, 'creator-gone', message);
    }
    const after: S3KeyRecord = { ...before, serviceAccountId: null };
    moveKey(transaction, before, after);
    await bumpEpoch(transaction, accountId);
    return showKey(transaction, after, deps.clock());
  });
}
