// Policies attached to users, groups, service accounts and roles, by their names.
import { type HolderRecord, type HolderRef, changeHolder, holderName } from './policy-holders.ts';
import { ProblemError } from '../shared/errors.ts';
import type { AccountId } from '../shared/ids.ts';
import type { IdentityDeps } from './identity-deps.ts';
import { checkPolicyNames } from './policies.ts';

/** Attaching what is attached changes nothing. */
export function attachPolicy(
  deps: IdentityDeps,
  accountId: AccountId,
  target: HolderRef,
  policy: string,
): Promise<HolderRecord> {
  return changeHolder(deps, accountId, target, async (record, transaction) => ({
    policies: await checkPolicyNames(deps, transaction, accountId, [...record.policies, policy]),
  }));
}

export function detachPolicy(
  deps: IdentityDeps,
  accountId: AccountId,
  target: HolderRef,
  policy: string,
): Promise<HolderRecord> {
  return changeHolder(deps, accountId, target, async (record) => {
    const rest = record.policies.filter((name) => name.toLowerCase() !== policy.toLowerCase());
    if (rest.length < record.policies.length) return { policies: rest };
    const message = `The policy ${policy} is not attached to ${holderName(record)}.`;
    throw new ProblemError(404, 'policy-not-attached', message);
  });
}

/** Replaces all that are attached. */
export function setPolicies(
  deps: IdentityDeps,
  accountId: AccountId,
  target: HolderRef,
  policies: readonly string[],
): Promise<HolderRecord> {
  return changeHolder(deps, accountId, target, async (_, transaction) => ({
    policies: await checkPolicyNames(deps, transaction, accountId, policies),
  }));
}
