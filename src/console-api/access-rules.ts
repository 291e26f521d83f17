// What a route asks of its caller. Every route of the API declares one of these; one that declares none keeps the
// server from starting. session-hooks.ts asks before the handler runs; what depends on a record (whose key is it?) the
// handler asks itself.
import type { Pending } from '../identity/pending.ts';
import { managementActions as declaredActions } from '../policy/actions.ts';
import type { AccountId } from '../shared/ids.ts';
import type { ManagementActionName } from './contract.ts';

export type AccessRule =
  /** no session needed */
  | 'public'
  /** any session: the answer is about the caller, or the handler asks for each record */
  | 'signed-in'
  | { readonly action: ManagementActionName };

const resourceTypes = new Map(declaredActions.map(({ name, resource }) => [name, resource]));

/** The resource that a question about `action` names. Listing and making things is asked of the account, as `*`. */
export function resourceOf(action: ManagementActionName, accountId: AccountId, id: string): string {
  const type = resourceTypes.get(action);
  return type === undefined || type === 'account' ? '*' : `vstorage::${accountId}:${type}/${id}`;
}

declare module 'fastify' {
  interface FastifyContextConfig {
    access?: AccessRule;
    /** asked by the person whose session it is, whoever it acts as */
    endsImpersonation?: boolean;
    /** also while the caller must do one of these before anything else */
    whilePending?: readonly Pending[];
  }
}
