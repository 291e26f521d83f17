// Rights are asked again inside the commit, so that a long upload cannot outlive its key: what the guard reads is
// validated with everything else, and a revocation that was acknowledged before the commit always wins.
import { decodeEpoch } from '../identity/epoch.ts';
import { loadIdentity } from '../identity/load-identity.ts';
import { readRecord } from '../identity/read-records.ts';
import type { Transaction } from '../metadata/metadata-store.ts';
import { type S3KeyRecord, epochKey, s3KeyKey } from '../metadata/tables/identities.ts';
import { type BucketRecord, bucketKey } from '../metadata/tables/objects.ts';
import { decodeShared } from '../metadata/tables/record.ts';
import { type TemporaryKeyRecord, temporaryKeyKey } from '../metadata/tables/temporary-keys.ts';
import type { Clock } from '../shared/clock.ts';
import { S3Error } from '../shared/errors.ts';
import { revisionOf } from '../storage/bucket-configurations.ts';
import { demandS3 } from './authorize.ts';
import type { RequestFacts } from './condition-context.ts';
import {
  type Identity,
  type Principal,
  type SignerPrincipal,
  type TemporaryFacts,
  keepSessionRights,
  refOf,
} from './principal.ts';
import { type S3Ask, transactionReader } from './s3-resource.ts';
import { isUsable, loadKeyOwner, readRestriction } from './signers.ts';
import { loadTemporaryOwner, readEpochs, temporaryPrincipal } from './temporary-signers.ts';

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
    const changed = await changedAsks(transaction, asks);
    // the same epoch and revisions: nothing of what was decided before the body was read has changed
    if (current === 'unchanged' && changed === null) return;
    await demandS3(
      transactionReader(transaction),
      current === 'unchanged' ? principal : current,
      changed ?? asks,
      facts,
    );
  };
}

/** The asks with their buckets as they are now; null: no configuration of those buckets has changed. */
async function changedAsks(transaction: Transaction, asks: readonly S3Ask[]): Promise<S3Ask[] | null> {
  const known = new Map(asks.flatMap(({ record }) => (record === null ? [] : [[record.name, record] as const])));
  if (known.size === 0) return null;
  const before = [...known.values()];
  const values = await transaction.getMany(before.map(({ region, name }) => bucketKey(region, name)));
  const now = values.map((value) => (value === undefined ? undefined : decodeShared<BucketRecord>(value)));
  for (const [index, bucket] of before.entries()) {
    if (now[index]?.bucketId !== bucket.bucketId) {
      throw new S3Error('NoSuchBucket', { fields: { BucketName: bucket.name } });
    }
  }
  const isSame = before.every((bucket, index) => {
    const current = now[index];
    return current !== undefined && revisionOf(current) === revisionOf(bucket);
  });
  if (isSame) return null;
  const fresh = new Map(now.flatMap((bucket) => (bucket === undefined ? [] : [[bucket.name, bucket] as const])));
  return asks.map((ask) => ({
    ...ask,
    record: ask.record === null ? null : (fresh.get(ask.record.name) ?? ask.record),
  }));
}

function reload(now: number, transaction: Transaction, principal: Principal): Promise<Principal | 'unchanged'> {
  if (principal.kind === 's3-key') return reloadKey(now, transaction, principal);
  return principal.kind === 'session' ? reloadSession(transaction, principal.identity) : Promise.resolve('unchanged');
}

async function reloadKey(
  now: number,
  transaction: Transaction,
  principal: SignerPrincipal,
): Promise<Principal | 'unchanged'> {
  if (principal.temporary !== undefined) return reloadTemporary(now, transaction, principal, principal.temporary);
  const { accessKey, identity } = principal;
  const [keyValue, epochValue] = await transaction.getMany([s3KeyKey(accessKey), epochKey(identity.accountId)]);
  const record = keyValue === undefined ? undefined : decodeShared<S3KeyRecord>(keyValue);
  // an imported pair may have come back under the same access key: it is another key
  if (record === undefined || record.id !== principal.keyId || !isUsable(record, now)) {
    throw new S3Error('InvalidAccessKeyId');
  }
  if (decodeEpoch(epochValue) === principal.epoch) return 'unchanged';
  const { owner, epoch } = await loadKeyOwner(transaction, record);
  if (owner === null) throw new S3Error('InvalidAccessKeyId');
  return { ...principal, ...owner, epoch, restriction: readRestriction(record) };
}

async function reloadTemporary(
  now: number,
  transaction: Transaction,
  { accessKey, keyId }: SignerPrincipal,
  { epochs }: TemporaryFacts,
): Promise<Principal | 'unchanged'> {
  const record = await readRecord<TemporaryKeyRecord>(transaction, temporaryKeyKey(accessKey));
  if (record === undefined || record.id !== keyId) throw new S3Error('InvalidAccessKeyId');
  if (record.expiresAt <= now) throw new S3Error('ExpiredToken');
  const current = await readEpochs(transaction, record.watchedAccounts);
  if (current === epochs) return 'unchanged';
  const owner = await loadTemporaryOwner(transaction, record);
  if (owner === null || owner.endsAt <= now) throw new S3Error('InvalidAccessKeyId');
  return temporaryPrincipal(record, owner, current);
}

async function reloadSession(transaction: Transaction, identity: Identity): Promise<Principal> {
  const current = await loadIdentity(transaction, identity.accountId, refOf(identity));
  if (current === undefined) throw new S3Error('AccessDenied');
  return { kind: 'session', identity: keepSessionRights(current, identity) };
}
