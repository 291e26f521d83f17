// How people sign in: an account's settings, second factors, identity providers, what a link in a mail stands for, and
// mail that is still to be sent.
import type { AccountId, ProjectId, UserId } from '../../shared/ids.ts';
import { encodeKey, prefixRange, tables } from '../keys.ts';
import type { Bytes } from '../metadata-store.ts';
import { identityLabel, type PersonRef, type SealedText } from './identities.ts';

type KeyRange = { readonly start: Bytes; readonly end: Bytes };

// ── settings of an account ──────────────────────────────────────────────────────────────────────────────────────

export type PasswordKind = 'upper' | 'lower' | 'digit' | 'special';

export type SignInSettingsRecord = {
  readonly v: 1;
  /** characters; of the passwords of IAM users, like the next three */
  readonly minLength: number;
  readonly kinds: readonly PasswordKind[];
  /** null: they do not expire */
  readonly expiryDays: number | null;
  /** how many former passwords may not be used again */
  readonly history: number;
  /** wrong tries from one address that lock it out of a name; of the root, too */
  readonly maxFailures: number;
  /** null: 30 seconds, twice as long each time, up to 15 minutes */
  readonly lockMinutes: number | null;
  /** null: as the server's setting */
  readonly idleMinutes: number | null;
  /** IAM users who sign in with a password must have a second factor */
  readonly requireSecondFactor: boolean;
};

export const signInSettingsKey = (accountId: AccountId): Bytes =>
  encodeKey(tables.accountSetting, accountId, 'sign-in');
export const accountSettingRange = (accountId: AccountId): KeyRange => prefixRange(tables.accountSetting, accountId);

// ── what belongs to one person ──────────────────────────────────────────────────────────────────────────────────

/** Hashes of former passwords, the newest first. */
export type PasswordHistoryRecord = { readonly v: 1; readonly hashes: readonly string[] };

/** An authenticator app. */
export type TotpRecord = {
  readonly v: 1;
  readonly accountId: AccountId;
  readonly owner: PersonRef;
  /** base32 */
  readonly sealedSecret: SealedText;
  readonly createdAt: number;
  /** null: the app has not shown yet that it knows the secret; it does not count */
  readonly confirmedAt: number | null;
  /** the 30-second step of the last code that was taken: no code is taken twice */
  readonly lastStep: number;
};

/** SHA-256, hexadecimal, of the codes that are left: they are random, nothing slower is needed. */
export type RecoveryCodesRecord = { readonly v: 1; readonly hashes: readonly string[]; readonly createdAt: number };

export type PasskeyRecord = {
  readonly v: 1;
  readonly passkeyId: string;
  readonly accountId: AccountId;
  readonly owner: PersonRef;
  readonly name: string;
  /** base64url, like the public key (COSE) */
  readonly credentialId: string;
  readonly publicKey: string;
  readonly counter: number;
  readonly transports: readonly string[];
  /** host name it belongs to */
  readonly rpId: string;
  /** kept by a cloud account on several devices */
  readonly synced: boolean;
  readonly createdAt: number;
  readonly lastUsedAt: number | null;
};

export const passwordHistoryKey = (accountId: AccountId, owner: PersonRef): Bytes =>
  encodeKey(tables.signInFactor, 'history', accountId, identityLabel(owner));
export const totpKey = (accountId: AccountId, owner: PersonRef): Bytes =>
  encodeKey(tables.signInFactor, 'totp', accountId, identityLabel(owner));
/** every one of the store */
export const totpRange = (): KeyRange => prefixRange(tables.signInFactor, 'totp');
export const recoveryCodesKey = (accountId: AccountId, owner: PersonRef): Bytes =>
  encodeKey(tables.signInFactor, 'recovery', accountId, identityLabel(owner));
export const passkeyKey = (accountId: AccountId, owner: PersonRef, passkeyId: string): Bytes =>
  encodeKey(tables.signInFactor, 'passkey', accountId, identityLabel(owner), passkeyId);
export const passkeyRange = (accountId: AccountId, owner: PersonRef): KeyRange =>
  prefixRange(tables.signInFactor, 'passkey', accountId, identityLabel(owner));
/** of everybody in an account */
export const factorRange = (kind: 'history' | 'totp' | 'recovery' | 'passkey', accountId: AccountId): KeyRange =>
  prefixRange(tables.signInFactor, kind, accountId);
/** Whose it is, by the hash of its credential id. Value: PasskeyOwnerRecord. */
export type PasskeyOwnerRecord = { readonly v: 1; readonly accountId: AccountId; readonly owner: PersonRef };
export const passkeyOwnerKey = (passkeyId: string): Bytes => encodeKey(tables.signInFactor, 'passkey-owner', passkeyId);

// ── identity providers ──────────────────────────────────────────────────────────────────────────────────────────

export type GroupMapping = { readonly group: string; readonly policies: readonly string[] };

export type IdentityProviderRecord = {
  readonly v: 1;
  readonly accountId: AccountId;
  readonly providerId: string;
  /** on the button */
  readonly name: string;
  readonly issuer: string;
  readonly clientId: string;
  /** empty when the client is a public one */
  readonly sealedSecret: SealedText;
  readonly scopes: readonly string[];
  readonly usernameClaim: string;
  readonly emailClaim: string;
  readonly groupsClaim: string;
  readonly groupMappings: readonly GroupMapping[];
  /** whoever it knows becomes an IAM user */
  readonly autoCreate: boolean;
  /** an IAM user of the same name may be signed in to */
  readonly matchExisting: boolean;
  readonly status: 'active' | 'disabled';
  readonly createdAt: number;
  readonly updatedAt: number;
};

/** The IAM user that stands for somebody the provider knows. */
export type FederatedUserRecord = {
  readonly v: 1;
  readonly userId: UserId;
  /** policies that the mapping gave last time: the next time takes them away again */
  readonly mappedPolicies: readonly string[];
  readonly createdAt: number;
  readonly lastSignInAt: number;
};

export const identityProviderKey = (accountId: AccountId, providerId: string): Bytes =>
  encodeKey(tables.identityProvider, 'provider', accountId, providerId);
export const identityProviderRange = (accountId: AccountId): KeyRange =>
  prefixRange(tables.identityProvider, 'provider', accountId);
/** every one of the store */
export const identityProvidersRange = (): KeyRange => prefixRange(tables.identityProvider, 'provider');
/** `subjectHash`: SHA-256 of the provider's name for the person, which may be long */
export const federatedUserKey = (accountId: AccountId, providerId: string, subjectHash: string): Bytes =>
  encodeKey(tables.identityProvider, 'user', accountId, providerId, subjectHash);
export const federatedUserRange = (accountId: AccountId, providerId?: string): KeyRange =>
  prefixRange(tables.identityProvider, 'user', accountId, ...(providerId === undefined ? [] : [providerId]));

// ── mail ────────────────────────────────────────────────────────────────────────────────────────────────────────

export type Language = 'en' | 'vi';

/** What a link in a mail stands for; the link's token itself is nowhere. */
export type EmailTokenRecord =
  | {
      readonly v: 1;
      readonly kind: 'invitation' | 'reset';
      readonly accountId: AccountId;
      readonly owner: PersonRef;
      /** of the owner when it was sent: a password set since makes it void */
      readonly passwordChangedAt: number | null;
      readonly expiresAt: number;
    }
  | { readonly v: 1; readonly kind: 'sign-up'; readonly email: string; readonly expiresAt: number };

/** by SHA-256 of the token, hexadecimal */
export const emailTokenKey = (tokenHash: string): Bytes => encodeKey(tables.emailToken, tokenHash);
export const emailTokenRange = (): KeyRange => prefixRange(tables.emailToken);

/** What is to be sent. The link's token is made when it is sent, so none stands here. */
export type MailRecord = {
  readonly v: 1;
  readonly id: string;
  readonly to: string;
  readonly language: Language;
  readonly about: MailSubject;
  readonly createdAt: number;
  /** failed ones */
  readonly attempts: number;
  readonly lastError: string | null;
};

export type MailSubject =
  | { readonly kind: 'invitation' | 'reset'; readonly accountId: AccountId; readonly owner: PersonRef }
  | { readonly kind: 'sign-up'; readonly email: string }
  /** somebody signs up with the address of an account that exists */
  | { readonly kind: 'known-address'; readonly email: string }
  | { readonly kind: 'password-changed'; readonly accountId: AccountId; readonly owner: PersonRef }
  | {
      readonly kind: 'usage-alert' | 'auto-scaled' | 'auto-scale-failed';
      readonly projectId: ProjectId;
      readonly projectName: string;
      readonly usedBytes: number;
      readonly quotaBytes: number;
    };

/** in order of the time it is due */
export const mailKey = (dueAt: number, id: string): Bytes => encodeKey(tables.outbox, 'mail', BigInt(dueAt), id);
export const mailDueRange = (now: number): KeyRange => ({
  start: encodeKey(tables.outbox, 'mail'),
  end: encodeKey(tables.outbox, 'mail', BigInt(now + 1)),
});

// ── what is remembered for a while ──────────────────────────────────────────────────────────────────────────────

/** Rows that are nothing after `expiresAt`: the purge takes them away. */
export type ForAWhileRecord = { readonly v: 1; readonly expiresAt: number; readonly count?: number };

/** value: SignInFailuresRecord, of a name from one address. Both hashed. */
export const failuresFromKey = (subject: string, address: string): Bytes =>
  encodeKey(tables.signInFailures, subject, address);
/** A client address that somebody has signed in to this name from. Both hashed. */
export const knownAddressKey = (subject: string, address: string): Bytes =>
  encodeKey(tables.signInState, 'known', subject, address);
/** A challenge that was answered: it is not answered again. */
export const usedChallengeKey = (hash: string): Bytes => encodeKey(tables.signInState, 'used', hash);
/** How often something that sends mail was asked for, by whom or for whom (hashed). */
export const mailCountKey = (hash: string): Bytes => encodeKey(tables.signInState, 'mail', hash);
export const signInStateRange = (): KeyRange => prefixRange(tables.signInState);
