// Whom a bucket policy names must be there when it is set: a principal misspelt in a Deny would deny nobody. Users are
// remembered by their ids, so that nobody inherits a grant by taking a name over.
import type { Snapshot } from '../metadata/metadata-store.ts';
import { accountByCanonicalIdKey, accountKey, userByNameKey } from '../metadata/tables/identities.ts';
import type { Policy, PrincipalPattern } from '../policy/policy.ts';
import type { NamedUsers } from '../policy/principals.ts';
import type { UserId } from '../shared/ids.ts';

/** A principal that is nobody; `written` as the policy has it. */
export class UnknownPrincipalError extends Error {
  override readonly name = 'UnknownPrincipalError';
  readonly written: string;
  constructor(written: string) {
    super(`nobody is ${written}`);
    this.written = written;
  }
}

/** Errors: UnknownPrincipalError. */
export async function findNamedUsers(snapshot: Snapshot, policy: Policy): Promise<NamedUsers> {
  const patterns = policy.statements.flatMap(({ principals, notPrincipals }) => principals ?? notPrincipals ?? []);
  const users: Record<string, UserId> = {};
  for (const pattern of patterns) {
    const userId = await resolve(snapshot, pattern);
    if (userId !== null && pattern.kind === 'user') users[pattern.written] = userId;
  }
  return users;
}

/** The user's id; null: not a user. */
async function resolve(snapshot: Snapshot, pattern: PrincipalPattern): Promise<UserId | null> {
  if (pattern.kind === 'any' || pattern.kind === 'service') return null;
  const value = await snapshot.get(keyOf(pattern));
  if (value === undefined) throw new UnknownPrincipalError(pattern.written);
  return pattern.kind === 'user' ? (Buffer.from(value).toString('utf8') as UserId) : null;
}

function keyOf(pattern: Extract<PrincipalPattern, { readonly written: string }>): Uint8Array {
  if (pattern.kind === 'canonical') return accountByCanonicalIdKey(pattern.canonicalId);
  if (pattern.kind === 'user') return userByNameKey(pattern.accountId, pattern.username);
  return pattern.kind === 'account' ? accountKey(pattern.accountId) : new Uint8Array();
}
