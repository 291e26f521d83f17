// Temporary credentials, and the identity providers whose tokens give some: what stands in the metadata store.
import type { AccessKey, AccountId, ProjectId, S3KeyId } from '../../shared/ids.ts';
import { encodeKey, prefixRange, tables } from '../keys.ts';
import type { Bytes } from '../metadata-store.ts';
import type { IdentityRef, IdentityTag, InlinePolicy, SealedText } from './identities.ts';

/** Values of condition keys as they stand in a record. */
export type StoredContext = Readonly<Record<string, string | readonly string[]>>;

/** Who asked for them: they die with whoever that was. */
export type TemporaryIssuer =
  | {
      readonly type: 'key';
      readonly accountId: AccountId;
      /** of a key that lasts, or of other temporary credentials */
      readonly accessKey: AccessKey;
      readonly keyId: S3KeyId;
    }
  | { readonly type: 'web-identity'; readonly accountId: AccountId; readonly providerUrl: string };

export type TemporarySession = {
  /** `AssumeRole` …: the call that made them */
  readonly madeBy: 'AssumeRole' | 'AssumeRoleWithWebIdentity' | 'GetSessionToken' | 'GetFederationToken';
  /** those of the session win over the role's */
  readonly tags: readonly IdentityTag[];
  /** keys of the tags that go on to roles taken on with these credentials */
  readonly transitiveTagKeys: readonly string[];
  /** null: none were given, the session has all rights of its identity; they narrow together */
  readonly policies: readonly InlinePolicy[] | null;
  /** names of managed or custom policies that narrow as well */
  readonly policyNames: readonly string[];
  /** further values that conditions may ask about */
  readonly context: StoredContext;
  readonly sourceIdentity: string | null;
  /** of GetFederationToken; null: others */
  readonly federatedName: string | null;
};

/** The question that was put to the role's trust policy: put again whenever something of it may have changed. */
export type AssumeQuestion = {
  readonly actions: readonly string[];
  readonly roleArn: string;
  readonly context: StoredContext;
};

export type TemporaryKeyRecord = {
  readonly v: 1;
  readonly id: S3KeyId;
  readonly accessKey: AccessKey;
  readonly sealedSecret: SealedText;
  /** SHA-256 of the session token, hexadecimal */
  readonly tokenHash: string;
  /** whose rights they have */
  readonly accountId: AccountId;
  readonly projectId: ProjectId;
  readonly identity: IdentityRef;
  readonly session: TemporarySession;
  readonly issuer: TemporaryIssuer;
  /** null: no role was taken on */
  readonly assumed: AssumeQuestion | null;
  /** every account whose changes may end them */
  readonly watchedAccounts: readonly AccountId[];
  readonly createdAt: number;
  readonly expiresAt: number;
};

const RECORDS = 'key';
const BY_EXPIRY = 'expiry';
const BY_ACCOUNT = 'account';

export const temporaryKeyKey = (accessKey: AccessKey): Bytes => encodeKey(tables.temporaryKey, RECORDS, accessKey);
export const temporaryKeyRange = (): { start: Bytes; end: Bytes } => prefixRange(tables.temporaryKey, RECORDS);
/** value: the access key; in order of expiry */
export const temporaryKeyByExpiryKey = ({ expiresAt, accessKey }: TemporaryKeyRecord): Bytes =>
  encodeKey(tables.temporaryKey, BY_EXPIRY, BigInt(expiresAt), accessKey);
/** What expired before `until`. */
export const temporaryKeysExpiredRange = (until: number): { start: Bytes; end: Bytes } => ({
  start: encodeKey(tables.temporaryKey, BY_EXPIRY, 0n),
  end: encodeKey(tables.temporaryKey, BY_EXPIRY, BigInt(until)),
});
/** value: the access key; of the account that asked for them, in order of expiry */
export const temporaryKeyByAccountKey = ({ issuer, expiresAt, accessKey }: TemporaryKeyRecord): Bytes =>
  encodeKey(tables.temporaryKey, BY_ACCOUNT, issuer.accountId, BigInt(expiresAt), accessKey);
/** What an account asked for that expires after `from`. */
export const temporaryKeysOfAccountRange = (accountId: AccountId, from: number): { start: Bytes; end: Bytes } => ({
  start: encodeKey(tables.temporaryKey, BY_ACCOUNT, accountId, BigInt(from)),
  end: prefixRange(tables.temporaryKey, BY_ACCOUNT, accountId).end,
});

/** An OpenID Connect provider that an account trusts: `arn:aws:iam::ACCOUNT:oidc-provider/HOST/PATH`. */
export type OpenIdProviderRecord = {
  readonly v: 1;
  readonly accountId: AccountId;
  /** as tokens have it in `iss`; `http:` only where the server allows it */
  readonly url: string;
  readonly clientIds: readonly string[];
  readonly thumbprints: readonly string[];
  readonly tags?: readonly IdentityTag[];
  readonly createdAt: number;
};

/** `name` is the URL without its scheme, as ARNs have it. */
export const openIdProviderKey = (accountId: AccountId, name: string): Bytes =>
  encodeKey(tables.openIdProvider, accountId, name);
export const openIdProviderRange = (accountId: AccountId): { start: Bytes; end: Bytes } =>
  prefixRange(tables.openIdProvider, accountId);
