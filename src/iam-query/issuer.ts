// The key that asks for temporary credentials, as it is inside the transaction that makes them: they hang on it.
import { endOf } from '../access/signers.ts';
import { readRecord } from '../identity/read-records.ts';
import type { Snapshot } from '../metadata/metadata-store.ts';
import { type S3KeyRecord, s3KeyKey } from '../metadata/tables/identities.ts';
import { type TemporaryIssuer, type TemporaryKeyRecord, temporaryKeyKey } from '../metadata/tables/temporary-keys.ts';
import type { AccountId } from '../shared/ids.ts';
import type { Caller } from './call.ts';
import { QueryError } from './errors.ts';

export type LivingIssuer = {
  readonly issuer: TemporaryIssuer;
  /** nothing it makes may outlive this */
  readonly endsAt: number;
  /** all accounts whose changes may end it, its own first */
  readonly accounts: readonly AccountId[];
};

/** Errors: AccessDenied. */
export function signedKey({ principal }: Caller): Extract<Caller['principal'], { kind: 's3-key' }> {
  if (principal.kind === 's3-key') return principal;
  throw new QueryError('AccessDenied', 'Temporary credentials are for whoever signs with a key.');
}

/** Errors: InvalidClientTokenId, when it ended meanwhile. */
export async function readIssuer(snapshot: Snapshot, caller: Caller): Promise<LivingIssuer> {
  const { accessKey, keyId, temporary } = signedKey(caller);
  const { accountId } = caller;
  const issuer: TemporaryIssuer = { type: 'key', accountId, accessKey, keyId };
  if (temporary === undefined) {
    const record = await readRecord<S3KeyRecord>(snapshot, s3KeyKey(accessKey));
    if (record?.id !== keyId || record.status !== 'active') throw gone();
    return { issuer, endsAt: endOf(record), accounts: [accountId] };
  }
  const record = await readRecord<TemporaryKeyRecord>(snapshot, temporaryKeyKey(accessKey));
  if (record?.id !== keyId) throw gone();
  return { issuer, endsAt: record.expiresAt, accounts: record.watchedAccounts };
}

const gone = (): QueryError =>
  new QueryError('InvalidClientTokenId', 'The security token included in the request is invalid.');
