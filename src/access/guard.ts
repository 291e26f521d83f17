// Rights are asked again inside the commit, so that a long upload cannot outlive its key: what the guard reads is
// validated with everything else, and a revocation that was acknowledged before the commit always wins.
import { decodeEpoch } from '../identity/epoch.ts';
import { loadIdentity } from '../identity/load-identity.ts';
import type { Transaction } from '../metadata/metadata-store.ts';
import { type IdentityRef, type S3KeyRecord, epochKey, s3KeyKey } from '../metadata/tables/identities.ts';
import { decodeRecord } from '../metadata/tables/record.ts';
import type { Clock } from '../shared/clock.ts';
import { S3Error } from '../shared/errors.ts';
import { type S3Ask, demandS3 } from './authorize.ts';
import type { RequestFacts } from './condition-context.ts';
import type { Identity, Principal } from './principal.ts';
import { type SignerPrincipal, isUsable, loadKeyOwner } from './signers.ts';

/** Throws S3Error when the rights are gone. */
export type Guard = (transaction: Transaction) => Promise<void>;

export function makeGuard(
  deps: { readonly clock: Clock },
  principal: Principal,
  asks: readonly S3Ask[],
  facts: RequestFacts,
): Guard {
  return async (transaction) => {
    const current = await reload(deps.clock(), transaction, principal);
    // the same epoch: nothing of what was decided before the body was read has changed
    if (current !== 'unchanged') demandS3(current, asks, facts);
  };
}

function reload(now: number, transaction: Transaction, principal: Principal): Promise<Principal | 'unchanged'> {
  if (principal.kind === 's3-key') return reloadKey(now, transaction, principal);
  return principal.kind === 'session' ? reloadSession(transaction, principal.identity) : Promise.resolve(principal);
}

async function reloadKey(
  now: number,
  transaction: Transaction,
  principal: SignerPrincipal,
): Promise<Principal | 'unchanged'> {
  const { accessKey, identity } = principal;
  const [keyValue, epochValue] = await transaction.getMany([s3KeyKey(accessKey), epochKey(identity.accountId)]);
  const record = keyValue === undefined ? undefined : decodeRecord<S3KeyRecord>(keyValue);
  // an imported pair may have come back under the same access key: it is another key
  if (record === undefined || record.id !== principal.keyId || !isUsable(record, now)) {
    throw new S3Error('InvalidAccessKeyId');
  }
  if (decodeEpoch(epochValue) === principal.epoch) return 'unchanged';
  const { owner, epoch } = await loadKeyOwner(transaction, record);
  if (owner === null) throw new S3Error('InvalidAccessKeyId');
  return { ...principal, ...owner, epoch };
}

async function reloadSession(transaction: Transaction, identity: Identity): Promise<Principal> {
  const ref: IdentityRef = identity.type === 'root' ? { type: 'root' } : { type: 'user', userId: identity.userId };
  const current = await loadIdentity(transaction, identity.accountId, ref);
  if (current === undefined) throw new S3Error('AccessDenied');
  return { kind: 'session', identity: current };
}
