// Does a statement of a resource's policy speak of whoever asks, and how closely? A grant to an account is its root's
// to hand on: within the account it gives nothing by itself; a grant to a user, or to everybody, reaches the user.
import type { AccountId, ProjectId, UserId } from '../shared/ids.ts';
import type { PrincipalPattern, Statement } from './policy.ts';

export type PolicyAsker =
  | { readonly kind: 'anonymous' }
  | {
      readonly kind: 'identity';
      readonly accountId: AccountId;
      readonly canonicalId: string;
      /** null: the account's root */
      readonly userId: UserId | null;
      /** null: not asked with an S3 key */
      readonly projectId: ProjectId | null;
    };

/** The IAM users a policy names, by the principal as written: found when the policy was set, by their ids. */
export type NamedUsers = Readonly<Record<string, UserId>>;

type Closeness = 'direct' | 'account' | 'none';

function closeness(pattern: PrincipalPattern, asker: PolicyAsker, users: NamedUsers): Closeness {
  if (pattern.kind === 'any') return 'direct';
  // services are taken as principals and never ask: what they do elsewhere, the server does by itself here
  if (pattern.kind === 'service' || asker.kind === 'anonymous') return 'none';
  if (pattern.kind === 'canonical') return pattern.canonicalId === asker.canonicalId ? ofAccount(asker) : 'none';
  if (pattern.accountId !== asker.accountId) return 'none';
  if (pattern.project !== null && asker.projectId?.startsWith(pattern.project) !== true) return 'none';
  if (pattern.kind === 'account') return ofAccount(asker);
  const userId = Object.hasOwn(users, pattern.written) ? users[pattern.written] : undefined;
  return userId !== undefined && userId === asker.userId ? 'direct' : 'none';
}

const ofAccount = (asker: { readonly userId: UserId | null }): Closeness =>
  asker.userId === null ? 'direct' : 'account';

/** An account under NotPrincipal excepts its root only: users who are to be excepted are named. */
function isAbout({ principals, notPrincipals }: Statement, asker: PolicyAsker, users: NamedUsers): Closeness {
  if (notPrincipals !== undefined) {
    return notPrincipals.some((pattern) => closeness(pattern, asker, users) === 'direct') ? 'none' : 'direct';
  }
  const all = (principals ?? []).map((pattern) => closeness(pattern, asker, users));
  return all.includes('direct') ? 'direct' : all.includes('account') ? 'account' : 'none';
}

/** `reach`: the farthest an Allow may be from the asker to count; a Deny always counts. */
export function speaksOf(asker: PolicyAsker, users: NamedUsers, reach: Closeness): (statement: Statement) => boolean {
  return (statement) => {
    const found = isAbout(statement, asker, users);
    if (statement.effect === 'Deny') return found !== 'none';
    return found === 'direct' ? reach !== 'none' : found === 'account' && reach === 'account';
  };
}
