// Accounts, IAM users, policies, S3 keys, sessions: what stands in the metadata store.
import type { AccessKey, AccountId, ProjectId, S3KeyId, UserId } from '../../shared/ids.ts';
import { encodeKey, prefixRange, tables } from '../keys.ts';
import type { Bytes } from '../metadata-store.ts';

/** AES-256-GCM under one version of the master key; the fields are base64. */
export type SealedText = {
  readonly keyVersion: number;
  readonly nonce: string;
  readonly ciphertext: string;
  readonly tag: string;
};

export type AccountRecord = {
  readonly v: 1;
  readonly accountId: AccountId;
  /** as entered; compared lower-case */
  readonly email: string;
  readonly name: string;
  /** 64 hexadecimal digits: the owner ID in S3's XML */
  readonly canonicalId: string;
  readonly passwordHash: string;
  readonly status: 'active' | 'disabled';
  /** ms since 1970, like every …At */
  readonly createdAt: number;
  readonly passwordChangedAt: number;
};

export type UserRecord = {
  readonly v: 1;
  readonly userId: UserId;
  readonly accountId: AccountId;
  readonly username: string;
  readonly passwordHash: string | null;
  readonly status: 'active' | 'disabled';
  /** names of managed or custom policies */
  readonly policies: readonly string[];
  readonly createdAt: number;
  readonly passwordChangedAt: number | null;
  readonly lastSignInAt: number | null;
};

/** A custom policy of one account. Managed policies are code (policy/managed.ts). */
export type PolicyRecord = {
  readonly v: 1;
  readonly accountId: AccountId;
  readonly name: string;
  readonly description: string;
  /** the JSON text as the author wrote it */
  readonly document: string;
  readonly createdAt: number;
  readonly updatedAt: number;
};

/** Who made a key or signed in. Service accounts will be a third type. */
export type IdentityRef = { readonly type: 'root' } | { readonly type: 'user'; readonly userId: UserId };

export type S3KeyRecord = {
  readonly v: 1;
  readonly id: S3KeyId;
  readonly accessKey: AccessKey;
  readonly sealedSecret: SealedText;
  readonly accountId: AccountId;
  readonly projectId: ProjectId;
  readonly creator: IdentityRef;
  readonly description: string;
  readonly status: 'active' | 'disabled';
  readonly createdAt: number;
  readonly expiresAt: number | null;
  /** absent or null: none, the key may do what its creator may */
  readonly restriction?: KeyRestriction | null;
  /** set: another pair has taken its place, and it is dead from `endsAt` on */
  readonly rotation?: { readonly replacedBy: S3KeyId; readonly endsAt: number };
};

export type KeyVerb = 'read' | 'write' | 'list' | 'delete';

/** A time of day on some days of the week; `from` after `to` spans midnight. */
export type KeyHours = {
  /** minutes since midnight */
  readonly fromMinute: number;
  readonly toMinute: number;
  /** 1 Monday … 7 Sunday; of a span over midnight the day it begins */
  readonly days: readonly number[];
  readonly utcOffsetMinutes: number;
};

/** What a key may do of what its creator may: everything that is set here must allow it. null: no limit of this kind. */
export type KeyRestriction = {
  readonly buckets: readonly string[] | null;
  /** what the names of objects begin with */
  readonly prefix: string | null;
  readonly allow: readonly KeyVerb[] | null;
  /** IP addresses and CIDR ranges */
  readonly networks: readonly string[] | null;
  readonly hours: KeyHours | null;
  /** the JSON text of a policy as its author wrote it */
  readonly policy: string | null;
};

/** Last use of a key, by the hour; apart from the record, so that writing it neither conflicts nor bumps the epoch. */
export type S3KeyUseRecord = {
  readonly v: 1;
  readonly at: number;
  /** the action asked for: `s3:GetObject` */
  readonly action: string;
  readonly clientAddress: string;
};

/** Failed sign-ins of one identity or from one client address. */
export type SignInFailuresRecord = {
  readonly v: 1;
  readonly failures: number;
  readonly lastFailureAt: number;
  /** 0: not locked */
  readonly lockedUntil: number;
};

export type SessionRecord = {
  readonly v: 1;
  readonly accountId: AccountId;
  readonly identity: IdentityRef;
  /** SHA-256 of the CSRF token, base64url; the token itself is derived from the session token */
  readonly csrfHash: string;
  readonly createdAt: number;
  readonly lastSeenAt: number;
  readonly expiresAt: number;
  readonly clientAddress: string;
  readonly userAgent: string;
  /** passwordChangedAt of the identity at sign-in: a changed password ends other sessions */
  readonly passwordChangedAt: number;
};

export type ProjectRecord = {
  readonly v: 1;
  readonly projectId: ProjectId;
  readonly accountId: AccountId;
  readonly name: string;
  readonly region: string;
  readonly class: 'gold' | 'instant-archive';
  readonly quotaBytes: number;
  readonly createdAt: number;
  /** set: in the trash; purged 7 days later, or when `purgeDueAt` says */
  readonly trashedAt: number | null;
  /** set: locked objects have put its purge off until then */
  readonly purgeDueAt?: number;
  /** set: the purge has begun, it cannot be restored any more */
  readonly purgeStartedAt?: number;
};

export const accountKey = (id: AccountId): Bytes => encodeKey(tables.account, id);
export const accountRange = (): { start: Bytes; end: Bytes } => prefixRange(tables.account);
export const accountByEmailKey = (email: string): Bytes => encodeKey(tables.accountByEmail, email.toLowerCase());
/** value: the account id */
export const accountByCanonicalIdKey = (canonicalId: string): Bytes =>
  encodeKey(tables.accountByCanonicalId, canonicalId);
export const userKey = (accountId: AccountId, userId: UserId): Bytes => encodeKey(tables.user, accountId, userId);
export const userRange = (accountId: AccountId): { start: Bytes; end: Bytes } => prefixRange(tables.user, accountId);
export const userByNameKey = (accountId: AccountId, username: string): Bytes =>
  encodeKey(tables.userByName, accountId, username.toLowerCase());
export const userByNameRange = (accountId: AccountId): { start: Bytes; end: Bytes } =>
  prefixRange(tables.userByName, accountId);
/** Names differ in more than case. */
export const policyKey = (accountId: AccountId, name: string): Bytes =>
  encodeKey(tables.policy, accountId, name.toLowerCase());
export const policyRange = (accountId: AccountId): { start: Bytes; end: Bytes } =>
  prefixRange(tables.policy, accountId);
export const s3KeyKey = (accessKey: AccessKey): Bytes => encodeKey(tables.s3Key, accessKey);
/** value: the access key */
export const s3KeyByProjectKey = (accountId: AccountId, projectId: ProjectId, id: S3KeyId): Bytes =>
  encodeKey(tables.s3KeyByProject, accountId, projectId, id);
export const s3KeyByProjectRange = (accountId: AccountId, projectId: ProjectId): { start: Bytes; end: Bytes } =>
  prefixRange(tables.s3KeyByProject, accountId, projectId);
export const s3KeyByAccountRange = (accountId: AccountId): { start: Bytes; end: Bytes } =>
  prefixRange(tables.s3KeyByProject, accountId);
/** value: the access key */
export const s3KeyByIdKey = (id: S3KeyId): Bytes => encodeKey(tables.s3KeyById, id);
/** How an identity stands in an index: `root`, or the user's id. */
export const identityLabel = (ref: IdentityRef): string => (ref.type === 'root' ? 'root' : ref.userId);
/** value: the access key */
export const s3KeyByOwnerKey = (accountId: AccountId, owner: IdentityRef, id: S3KeyId): Bytes =>
  encodeKey(tables.s3KeyByOwner, accountId, identityLabel(owner), id);
export const s3KeyByOwnerRange = (accountId: AccountId, owner: IdentityRef): { start: Bytes; end: Bytes } =>
  prefixRange(tables.s3KeyByOwner, accountId, identityLabel(owner));
/** value: S3KeyUseRecord */
export const s3KeyUseKey = (accessKey: AccessKey): Bytes => encodeKey(tables.s3KeyUse, accessKey);
/** value: a decimal count. Every change of an account's identities, policies, keys and projects bumps it. */
export const epochKey = (accountId: AccountId): Bytes => encodeKey(tables.epoch, accountId);
/** by SHA-256 of the session token, hexadecimal */
export const sessionKey = (tokenHash: string): Bytes => encodeKey(tables.session, tokenHash);
export const sessionRange = (): { start: Bytes; end: Bytes } => prefixRange(tables.session);
/** value: empty */
export const sessionByOwnerKey = (accountId: AccountId, owner: IdentityRef, tokenHash: string): Bytes =>
  encodeKey(tables.sessionByOwner, accountId, identityLabel(owner), tokenHash);
export const sessionByOwnerRange = (accountId: AccountId, owner: IdentityRef): { start: Bytes; end: Bytes } =>
  prefixRange(tables.sessionByOwner, accountId, identityLabel(owner));
/** value: SignInFailuresRecord; `subject` is what failed, hashed */
export const signInFailuresKey = (subject: string): Bytes => encodeKey(tables.signInFailures, subject);
export const signInFailuresRange = (): { start: Bytes; end: Bytes } => prefixRange(tables.signInFailures);
/** value: empty; in order of the time the project is due for purging */
export const projectTrashKey = (dueAt: number, id: ProjectId): Bytes =>
  encodeKey(tables.projectTrash, BigInt(dueAt), id);
export const projectTrashRange = (): { start: Bytes; end: Bytes } => prefixRange(tables.projectTrash);
export const projectKey = (id: ProjectId): Bytes => encodeKey(tables.project, id);
/** value: empty */
export const projectByAccountKey = (accountId: AccountId, id: ProjectId): Bytes =>
  encodeKey(tables.projectByAccount, accountId, id);
export const projectByAccountRange = (accountId: AccountId): { start: Bytes; end: Bytes } =>
  prefixRange(tables.projectByAccount, accountId);
export const projectByNameKey = (accountId: AccountId, name: string): Bytes =>
  encodeKey(tables.projectByName, accountId, name.toLowerCase());
