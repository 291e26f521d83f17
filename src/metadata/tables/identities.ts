// Accounts, IAM users, policies, S3 keys, sessions: what stands in the metadata store.
import type {
  AccessKey,
  AccountId,
  GroupId,
  ProjectId,
  RoleId,
  S3KeyId,
  ServiceAccountId,
  UserId,
} from '../../shared/ids.ts';
import { encodeKey, prefixRange, tables } from '../keys.ts';
import type { Bytes } from '../metadata-store.ts';
import type { AutoScale, UsageAlert } from './project-events.ts';

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
  readonly lastSignInAt?: number;
};

/** Of a user or a role: what `aws:PrincipalTag/KEY` in a condition asks for. Keys differ in more than case. */
export type IdentityTag = { readonly key: string; readonly value: string };

/** A policy that belongs to one identity and goes with it. */
export type InlinePolicy = {
  readonly name: string;
  /** the JSON text as the author wrote it */
  readonly document: string;
};

/** What users, groups, service accounts and roles have in common: where their rights come from. */
export type PolicyHolder = {
  /** names of managed or custom policies */
  readonly policies: readonly string[];
  readonly inlinePolicies?: readonly InlinePolicy[];
};

export type UserRecord = PolicyHolder & {
  readonly v: 1;
  readonly userId: UserId;
  readonly accountId: AccountId;
  readonly username: string;
  readonly passwordHash: string | null;
  readonly status: 'active' | 'disabled';
  readonly createdAt: number;
  readonly passwordChangedAt: number | null;
  readonly lastSignInAt: number | null;
  /** as in AWS's ARNs, `/` or `/team/part/`; absent: `/` */
  readonly path?: string;
  readonly tags?: readonly IdentityTag[];
  readonly groups?: readonly GroupId[];
  /** name of the policy that bounds whatever the others allow; absent or null: none */
  readonly boundary?: string | null;
  /** set: nothing but changing the password may be done after signing in */
  readonly mustChangePassword?: boolean;
  /** where invitations and password resets go; absent or null: nowhere */
  readonly email?: string | null;
  /** the identity provider that made it; it has no password */
  readonly identityProviderId?: string;
};

export type GroupRecord = PolicyHolder & {
  readonly v: 1;
  readonly groupId: GroupId;
  readonly accountId: AccountId;
  readonly name: string;
  readonly path?: string;
  readonly description: string;
  readonly createdAt: number;
};

/** An identity for programs. Its id is the client id they ask for tokens with. */
export type ServiceAccountRecord = PolicyHolder & {
  readonly v: 1;
  readonly serviceAccountId: ServiceAccountId;
  readonly accountId: AccountId;
  readonly name: string;
  readonly description: string;
  readonly status: 'active' | 'disabled';
  readonly boundary?: string | null;
  /** SHA-256 of the client secret, hexadecimal: it is random, nothing slower is needed */
  readonly secretHash: string;
  readonly secretChangedAt: number;
  /** tokens of another generation are dead: disabling and a new secret move it */
  readonly tokenGeneration: number;
  readonly tokenLifespanSeconds: number;
  /** whose users may act as it, if their policies let them */
  readonly trustedAccounts: readonly AccountId[];
  readonly createdAt: number;
  /** when a token was last given for it, to the minute; absent: never */
  readonly lastUsedAt?: number;
};

/** A bearer token of a service account. The token itself is not stored. */
export type ApiTokenRecord = {
  readonly v: 1;
  readonly accountId: AccountId;
  readonly serviceAccountId: ServiceAccountId;
  /** of the service account when the token was made */
  readonly generation: number;
  readonly createdAt: number;
  readonly expiresAt: number;
  readonly clientAddress: string;
  /** who acts as the service account with it; absent: itself */
  readonly impersonator?: { readonly accountId: AccountId; readonly identity: PersonRef };
};

/** An identity that others take on for a time. */
export type RoleRecord = PolicyHolder & {
  readonly v: 1;
  readonly roleId: RoleId;
  readonly accountId: AccountId;
  readonly name: string;
  readonly path?: string;
  readonly description: string;
  /** who may take it on: the JSON text as the author wrote it */
  readonly trustPolicy: string;
  /** whom it names, by the principal as written: found when it was set, by their ids */
  readonly trustIdentities?: Readonly<Record<string, UserId | ServiceAccountId | RoleId>>;
  readonly maxSessionSeconds: number;
  readonly tags?: readonly IdentityTag[];
  readonly boundary?: string | null;
  readonly createdAt: number;
  /** when it was last taken on; absent: never */
  readonly lastUsedAt?: number;
  /** credentials that somebody took it on with until then are dead */
  readonly sessionsEndedAt?: number;
};

/** A custom policy of one account. Managed policies are code (policy/managed.ts). */
export type PolicyRecord = {
  readonly v: 1;
  readonly accountId: AccountId;
  readonly name: string;
  readonly description: string;
  /** the JSON text of the default version as the author wrote it: the one that counts */
  readonly document: string;
  readonly createdAt: number;
  readonly updatedAt: number;
  readonly path?: string;
  readonly tags?: readonly IdentityTag[];
  /** number of the version in `document`; absent: 1 */
  readonly defaultVersion?: number;
  /** when that version was written; absent: `updatedAt` */
  readonly versionCreatedAt?: number;
  /** the highest number ever given: numbers are not used again; absent: 1 */
  readonly lastVersion?: number;
};

/** A version of a custom policy that is not the default one. */
export type PolicyVersionRecord = {
  readonly v: 1;
  readonly accountId: AccountId;
  readonly name: string;
  readonly version: number;
  readonly document: string;
  readonly createdAt: number;
};

/** Who made a key or signed in. */
export type IdentityRef =
  | { readonly type: 'root' }
  | { readonly type: 'user'; readonly userId: UserId }
  | { readonly type: 'service-account'; readonly serviceAccountId: ServiceAccountId }
  | { readonly type: 'role'; readonly roleId: RoleId; readonly sessionName: string };

/** Whoever signs in with a password. */
export type PersonRef = Extract<IdentityRef, { type: 'root' | 'user' }>;

export type S3KeyRecord = {
  readonly v: 1;
  readonly id: S3KeyId;
  readonly accessKey: AccessKey;
  readonly sealedSecret: SealedText;
  readonly accountId: AccountId;
  readonly projectId: ProjectId;
  readonly creator: IdentityRef;
  /** the service account it is attached to: whose rights it has, instead of its creator's; absent or null: none */
  readonly serviceAccountId?: ServiceAccountId | null;
  readonly description: string;
  readonly status: 'active' | 'disabled';
  readonly createdAt: number;
  readonly expiresAt: number | null;
  /** absent or null: none, the key may do what its creator may */
  readonly restriction?: KeyRestriction | null;
  /** set: another pair has taken its place, and it is dead from `endsAt` on */
  readonly rotation?: { readonly replacedBy: S3KeyId; readonly endsAt: number };
  /** somebody waits for its requests: until then each of them is noted as its last use */
  readonly watchedUntil?: number;
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
  /** of a key that was watched: what became of the request */
  readonly request?: {
    readonly requestId: string;
    readonly operation: string;
    readonly status: number;
    readonly code: string | null;
    readonly userAgent: string;
  };
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
  readonly identity: PersonRef;
  /** SHA-256 of the CSRF token, base64url; the token itself is derived from the session token */
  readonly csrfHash: string;
  readonly createdAt: number;
  readonly lastSeenAt: number;
  readonly expiresAt: number;
  readonly clientAddress: string;
  readonly userAgent: string;
  /** passwordChangedAt of the identity at sign-in: a changed password ends other sessions */
  readonly passwordChangedAt: number;
  /** how it was opened; absent: `password` */
  readonly method?: 'password' | 'passkey' | 'identity-provider';
  /** when the identity had signed in before; absent or null: never, or not known */
  readonly previousSignInAt?: number | null;
  /** set: what it does is done as this service account, until it is ended or not allowed any more */
  readonly actingAs?: { readonly accountId: AccountId; readonly serviceAccountId: ServiceAccountId } | null;
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
  /** its period is over then, and it goes to the trash; absent or null: it has no end */
  readonly endsAt?: number | null;
  /** absent: the alert every project begins with */
  readonly alert?: UsageAlert;
  /** absent: off */
  readonly autoScale?: AutoScale;
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
export const groupKey = (accountId: AccountId, id: GroupId): Bytes => encodeKey(tables.group, accountId, id);
export const groupRange = (accountId: AccountId): { start: Bytes; end: Bytes } => prefixRange(tables.group, accountId);
/** value: the group's id. Names differ in more than case, like all names here. */
export const groupByNameKey = (accountId: AccountId, name: string): Bytes =>
  encodeKey(tables.groupByName, accountId, name.toLowerCase());
/** value: the user's id; the record of the user names its groups too */
export const groupMemberKey = (accountId: AccountId, groupId: GroupId, userId: UserId): Bytes =>
  encodeKey(tables.groupMember, accountId, groupId, userId);
export const groupMemberRange = (accountId: AccountId, groupId: GroupId): { start: Bytes; end: Bytes } =>
  prefixRange(tables.groupMember, accountId, groupId);
/** by the id alone: a program that asks for a token knows nothing else */
export const serviceAccountKey = (id: ServiceAccountId): Bytes => encodeKey(tables.serviceAccount, id);
/** value: the id */
export const serviceAccountByNameKey = (accountId: AccountId, name: string): Bytes =>
  encodeKey(tables.serviceAccountByName, accountId, name.toLowerCase());
export const serviceAccountByNameRange = (accountId: AccountId): { start: Bytes; end: Bytes } =>
  prefixRange(tables.serviceAccountByName, accountId);
/** by SHA-256 of the token, hexadecimal; value: ApiTokenRecord */
export const apiTokenKey = (id: ServiceAccountId, tokenHash: string): Bytes =>
  encodeKey(tables.apiToken, id, tokenHash);
export const apiTokenRange = (id: ServiceAccountId): { start: Bytes; end: Bytes } => prefixRange(tables.apiToken, id);
export const roleKey = (accountId: AccountId, id: RoleId): Bytes => encodeKey(tables.role, accountId, id);
export const roleRange = (accountId: AccountId): { start: Bytes; end: Bytes } => prefixRange(tables.role, accountId);
/** value: the role's id */
export const roleByNameKey = (accountId: AccountId, name: string): Bytes =>
  encodeKey(tables.roleByName, accountId, name.toLowerCase());
export const policyVersionKey = (accountId: AccountId, name: string, version: number): Bytes =>
  encodeKey(tables.policyVersion, accountId, name.toLowerCase(), BigInt(version));
export const policyVersionRange = (accountId: AccountId, name: string): { start: Bytes; end: Bytes } =>
  prefixRange(tables.policyVersion, accountId, name.toLowerCase());
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
/** How an identity stands in an index: `root`, the id of a user, or type and id. */
export function identityLabel(ref: IdentityRef): string {
  if (ref.type === 'root') return 'root';
  if (ref.type === 'user') return ref.userId;
  return ref.type === 'role' ? `role/${ref.roleId}/${ref.sessionName}` : `service-account/${ref.serviceAccountId}`;
}
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
