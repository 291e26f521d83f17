// Who asks, with everything needed to decide, loaded at one authorization epoch.
import type { IdentityRef, IdentityTag } from '../metadata/tables/identities.ts';
import type { StoredContext, TemporarySession } from '../metadata/tables/temporary-keys.ts';
import type { Policy } from '../policy/policy.ts';
import type { AccessKey, AccountId, ProjectId, RoleId, S3KeyId, ServiceAccountId, UserId } from '../shared/ids.ts';
import type { Restriction } from './key-restriction.ts';

type Owned = {
  readonly accountId: AccountId;
  /** of the account */
  readonly canonicalId: string;
  readonly name: string;
  /** of temporary credentials: further values that conditions may ask about, by lower-case key */
  readonly sessionContext?: StoredContext;
};

type Bounded = {
  /** attached, inline and of its groups: what one of them allows and none denies */
  readonly policies: readonly Policy[];
  /** must allow it too; null: there is none */
  readonly boundary: Policy | null;
};

export type Identity =
  | (Owned & { readonly type: 'root' })
  | (Owned &
      Bounded & {
        readonly type: 'user';
        readonly userId: UserId;
        /** `/` or `/team/part/` */
        readonly path: string;
        readonly tags: readonly IdentityTag[];
      })
  | (Owned & Bounded & { readonly type: 'service-account'; readonly serviceAccountId: ServiceAccountId })
  | (Owned &
      Bounded & {
        readonly type: 'role';
        readonly roleId: RoleId;
        readonly sessionName: string;
        readonly path: string;
        /** the role's and the session's */
        readonly tags: readonly IdentityTag[];
        /** given when the role was taken on: one of them must allow it too; null: none were */
        readonly sessionPolicies: readonly Policy[] | null;
      });

/** What temporary credentials stand for while no epoch moves; they end at `endsAt` at the latest. */
export type TemporaryOwner = {
  readonly identity: Identity;
  readonly projectTrashed: boolean;
  readonly restriction: Restriction | null;
  readonly endsAt: number;
};

/** Of a principal that signs with temporary credentials. */
export type TemporaryFacts = {
  readonly session: TemporarySession;
  readonly expiresAt: number;
  /** of the accounts whose changes may end them, as `epochs` of temporary-signers.ts */
  readonly epochs: string;
};

export type Principal =
  | { readonly kind: 'anonymous' }
  /** a signed S3 request: the creator's rights, inside the key's project */
  | {
      readonly kind: 's3-key';
      readonly identity: Identity;
      readonly keyId: S3KeyId;
      readonly accessKey: AccessKey;
      readonly projectId: ProjectId;
      /** in the trash: nothing of the project can be reached */
      readonly projectTrashed: boolean;
      /** the epoch its rights were read at: a long upload checks it again inside its commit */
      readonly epoch: bigint;
      /** of the key itself: narrows whatever else allows */
      readonly restriction: Restriction | null;
      /** somebody waits for its requests: each is noted until then */
      readonly watchedUntil?: number;
      /** absent: a key that lasts */
      readonly temporary?: TemporaryFacts;
    }
  /** somebody signed in to the console */
  | { readonly kind: 'session'; readonly identity: Identity };

export type SignerPrincipal = Extract<Principal, { kind: 's3-key' }>;

export function refOf(identity: Identity): IdentityRef {
  switch (identity.type) {
    case 'root':
      return { type: 'root' };
    case 'user':
      return { type: 'user', userId: identity.userId };
    case 'service-account':
      return { type: 'service-account', serviceAccountId: identity.serviceAccountId };
    case 'role':
      return { type: 'role', roleId: identity.roleId, sessionName: identity.sessionName };
  }
}

/** What `aws:userid` says: never given to anybody else, as a name may be. */
export function uniqueIdOf(identity: Identity): string {
  switch (identity.type) {
    case 'root':
      return identity.accountId;
    case 'user':
      return identity.userId;
    case 'service-account':
      return identity.serviceAccountId;
    case 'role':
      return `${identity.roleId}:${identity.sessionName}`;
  }
}

/** As AWS writes it: of a role that somebody has taken on, the ARN of the session. */
export function arnOf(identity: Identity): string {
  return identity.type === 'role'
    ? `arn:aws:sts::${identity.accountId}:assumed-role/${identity.name}/${identity.sessionName}`
    : principalArnOf(identity);
}

/** What `aws:PrincipalArn` says: of a role's session, the role. */
export function principalArnOf(identity: Identity): string {
  const { accountId, name } = identity;
  switch (identity.type) {
    case 'root':
      return `arn:aws:iam::${accountId}:root`;
    case 'service-account':
      return iamArn('service-account', { accountId, name });
    case 'user':
    case 'role':
      return iamArn(identity.type, identity);
  }
}

type Placed = { readonly accountId: AccountId; readonly path?: string; readonly name: string };

export const iamArn = (
  kind: 'user' | 'group' | 'role' | 'policy' | 'service-account',
  { accountId, path = '/', name }: Placed,
): string => `arn:aws:iam::${accountId}:${kind}${path}${name}`;

/** An identity read again, with what somebody took it on with: that is no part of its record. */
export function keepSessionRights(fresh: Identity, before: Identity): Identity {
  if (fresh.type !== 'role' || before.type !== 'role') return fresh;
  return { ...fresh, tags: before.tags, sessionPolicies: before.sessionPolicies };
}

/** Every policy that its rights depend on. */
export function policiesOf(identity: Identity): readonly Policy[] {
  if (identity.type === 'root') return [];
  const sessionPolicies = identity.type === 'role' ? (identity.sessionPolicies ?? []) : [];
  return [...identity.policies, ...(identity.boundary === null ? [] : [identity.boundary]), ...sessionPolicies];
}
