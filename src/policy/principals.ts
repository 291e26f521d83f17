// Does a statement of a resource's policy speak of whoever asks, and how closely? A grant to an account is its root's
// to hand on: within the account it gives nothing by itself; a grant to a user, or to everybody, reaches the user. What
// is granted to a role reaches those who have taken it on within the limits they took it on with; what is granted to
// one of its sessions, or to everybody, reaches them whatever these are.
import type { AccountId, ProjectId, RoleId, ServiceAccountId, UserId } from '../shared/ids.ts';
import type { PrincipalPattern, Statement } from './policy.ts';

/** The identity itself, whatever it is called. */
type Self =
  | { readonly type: 'root' }
  | { readonly type: 'user'; readonly userId: UserId }
  | { readonly type: 'service-account'; readonly serviceAccountId: ServiceAccountId }
  | { readonly type: 'role'; readonly roleId: RoleId; readonly sessionName: string };

export type PolicyAsker =
  | { readonly kind: 'anonymous' }
  /** whom an identity provider vouches for */
  | { readonly kind: 'federated'; readonly provider: string }
  | {
      readonly kind: 'identity';
      readonly accountId: AccountId;
      readonly canonicalId: string;
      readonly self: Self;
      /** null: not asked with an S3 key */
      readonly projectId: ProjectId | null;
    };

/** Whom a policy names, by the principal as written: found when the policy was set, by their ids. */
export type NamedIdentities = Readonly<Record<string, UserId | ServiceAccountId | RoleId>>;

type Identified = Extract<PolicyAsker, { kind: 'identity' }>;
const closest = ['direct', 'role', 'account'] as const;
type Closeness = (typeof closest)[number] | 'none';
/** The farthest that an Allow may be from the asker to count. */
export type Reach = Closeness;

function closeness(pattern: PrincipalPattern, asker: PolicyAsker, named: NamedIdentities): Closeness {
  if (pattern.kind === 'any') return 'direct';
  // services are taken as principals and never ask: what they do elsewhere, the server does by itself here
  if (pattern.kind === 'service' || asker.kind === 'anonymous') return 'none';
  if (pattern.kind === 'federated' || asker.kind === 'federated') {
    return pattern.kind === asker.kind && pattern.written === asker.provider ? 'direct' : 'none';
  }
  if (pattern.kind === 'canonical') return pattern.canonicalId === asker.canonicalId ? ofAccount(asker) : 'none';
  if (pattern.accountId !== asker.accountId) return 'none';
  if (pattern.project !== null && asker.projectId?.startsWith(pattern.project) !== true) return 'none';
  if (pattern.kind === 'account') return ofAccount(asker);
  const id = Object.hasOwn(named, pattern.written) ? named[pattern.written] : undefined;
  return id === undefined ? 'none' : ofNamed(pattern, id, asker.self);
}

type NamingPattern = Extract<PrincipalPattern, { readonly kind: 'user' | 'service-account' | 'role' }>;

function ofNamed(pattern: NamingPattern, id: string, self: Self): Closeness {
  if (pattern.kind === 'user') return self.type === 'user' && self.userId === id ? 'direct' : 'none';
  if (pattern.kind === 'service-account') {
    return self.type === 'service-account' && self.serviceAccountId === id ? 'direct' : 'none';
  }
  if (self.type !== 'role' || self.roleId !== id) return 'none';
  if (pattern.sessionName === null) return 'role';
  return pattern.sessionName === self.sessionName ? 'direct' : 'none';
}

const ofAccount = ({ self }: Identified): Closeness => (self.type === 'root' ? 'direct' : 'account');

/** An account under NotPrincipal excepts its root only: users who are to be excepted are named. */
function isAbout({ principals, notPrincipals }: Statement, asker: PolicyAsker, named: NamedIdentities): Closeness {
  if (notPrincipals !== undefined) {
    const isExcepted = notPrincipals.some((pattern) => ['direct', 'role'].includes(closeness(pattern, asker, named)));
    return isExcepted ? 'none' : 'direct';
  }
  const all = (principals ?? []).map((pattern) => closeness(pattern, asker, named));
  return closest.find((each) => all.includes(each)) ?? 'none';
}

/** A Deny always counts. */
export function speaksOf(asker: PolicyAsker, named: NamedIdentities, reach: Reach): (statement: Statement) => boolean {
  const counted = reach === 'none' ? [] : closest.slice(0, closest.indexOf(reach) + 1);
  return (statement) => {
    const found = isAbout(statement, asker, named);
    if (statement.effect === 'Deny') return found !== 'none';
    return found !== 'none' && counted.includes(found);
  };
}
