// What is wrong with an access key that nobody may sign with.
import { endOf } from '../../access/signers.ts';
import { type Explanation, explained } from '../../explain/explanation.ts';
import type { Snapshot } from '../../metadata/metadata-store.ts';
import { type S3KeyRecord, s3KeyKey } from '../../metadata/tables/identities.ts';
import { type TemporaryKeyRecord, temporaryKeyKey } from '../../metadata/tables/temporary-keys.ts';
import { decodeRecord } from '../../metadata/tables/record.ts';
import type { AccessKey, AccountId } from '../../shared/ids.ts';

export type KnownKey = {
  readonly accountId: AccountId;
  readonly keyId: string;
  /** null: of temporary credentials */
  readonly record: S3KeyRecord | null;
  readonly expiresAt: number | null;
};

/** null: there is no such key, or no more. */
export async function findKey(snapshot: Snapshot, accessKey: string): Promise<KnownKey | null> {
  if (!/^[A-Za-z0-9._-]{3,128}$/.test(accessKey)) return null;
  const keys = [s3KeyKey(accessKey as AccessKey), temporaryKeyKey(accessKey as AccessKey)];
  const [keyValue, temporaryValue] = await snapshot.getMany(keys);
  if (keyValue !== undefined) {
    const record = decodeRecord<S3KeyRecord>(keyValue);
    return { accountId: record.accountId, keyId: record.id, record, expiresAt: record.expiresAt };
  }
  if (temporaryValue === undefined) return null;
  const { accountId, id, expiresAt } = decodeRecord<TemporaryKeyRecord>(temporaryValue);
  return { accountId, keyId: id, record: null, expiresAt };
}

/** `hasToken`: a session token came along. */
export function explainKey(key: KnownKey | null, now: number, hasToken: boolean): Explanation {
  if (key === null) return explained('unknown-access-key', ['check-access-key', 'make-new-key']);
  const { record } = key;
  if (record === null) {
    if (!hasToken) return explained('session-token-missing', ['send-session-token']);
    const isOver = key.expiresAt !== null && key.expiresAt <= now;
    return isOver
      ? explained('credentials-expired', ['renew-credentials'], { expiredAt: isoTime(key.expiresAt ?? 0) })
      : explained('key-owner-inactive', ['enable-owner', 'renew-credentials']);
  }
  if (record.status === 'disabled') return explained('key-disabled', ['enable-key', 'make-new-key']);
  if (now < endOf(record)) return explained('key-owner-inactive', ['enable-owner']);
  const { rotation } = record;
  if (rotation !== undefined && rotation.endsAt <= now) {
    const facts = { endedAt: isoTime(rotation.endsAt), replacedBy: rotation.replacedBy };
    return explained('key-rotated-out', ['make-new-key'], facts);
  }
  return explained('key-expired', ['make-new-key'], { expiredAt: isoTime(record.expiresAt ?? 0) });
}

const isoTime = (ms: number): string => new Date(ms).toISOString();
