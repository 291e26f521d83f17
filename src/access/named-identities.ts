// Whom a bucket policy names must be there when it is set: a principal misspelt in a Deny would deny nobody. Users,
// service accounts and roles are remembered by their ids, so that nobody inherits a grant by taking a name over.
import type { Snapshot } from '../metadata/metadata-store.ts';
import {
  accountByCanonicalIdKey,
  accountKey,
  roleByNameKey,
  serviceAccountByNameKey,
  userByNameKey,
} from '../metadata/tables/identities.ts';
import type { Policy, PrincipalPattern } from '../policy/policy.ts';
import type { NamedIdentities } from '../policy/principals.ts';

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
export async function findNamedIdentities(snapshot: Snapshot, policy: Policy): Promise<NamedIdentities> {
  const patterns = policy.statements.flatMap(({ principals, notPrincipals }) => principals ?? notPrincipals ?? []);
  const found: Record<string, NamedIdentities[string]> = {};
  for (const pattern of patterns) {
    if (pattern.kind === 'any' || pattern.kind === 'service' || pattern.kind === 'federated') continue;
    const value = await snapshot.get(keyOf(pattern));
    if (value === undefined) throw new UnknownPrincipalError(pattern.written);
    if (pattern.kind === 'account' || pattern.kind === 'canonical') continue;
    found[pattern.written] = Buffer.from(value).toString('utf8') as NamedIdentities[string];
  }
  return found;
}

function keyOf(pattern: Exclude<PrincipalPattern, { readonly kind: 'any' | 'service' | 'federated' }>): Uint8Array {
  switch (pattern.kind) {
    case 'account':
      return accountKey(pattern.accountId);
    case 'canonical':
      return accountByCanonicalIdKey(pattern.canonicalId);
    case 'user':
      return userByNameKey(pattern.accountId, pattern.username);
    case 'service-account':
      return serviceAccountByNameKey(pattern.accountId, pattern.name);
    case 'role':
      return roleByNameKey(pattern.accountId, pattern.name);
  }
}
