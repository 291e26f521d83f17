// Permissions boundaries: a policy that must allow whatever the others allow. It gives nothing by itself.
// https://docs.aws.amazon.com/IAM/latest/UserGuide/access_policies_boundaries.html
import type { AccountId } from '../shared/ids.ts';
import { ProblemError } from '../shared/errors.ts';
import type { IdentityDeps } from './identity-deps.ts';
import { checkPolicyName } from './policies.ts';
import { type BoundedRef, type HolderRecord, boundaryOf, changeHolder, holderName } from './policy-holders.ts';

/** `policy`: the name of a managed or custom policy; takes the place of a former boundary. */
export function putBoundary(
  deps: IdentityDeps,
  accountId: AccountId,
  target: BoundedRef,
  policy: string,
): Promise<HolderRecord> {
  return changeHolder(deps, accountId, target, async (_, transaction) => ({
    boundary: await checkPolicyName(transaction, accountId, policy),
  }));
}

export function deleteBoundary(deps: IdentityDeps, accountId: AccountId, target: BoundedRef): Promise<HolderRecord> {
  return changeHolder(deps, accountId, target, async (record) => {
    if (boundaryOf(record) !== null) return { boundary: null };
    throw new ProblemError(404, 'no-boundary', `${holderName(record)} has no permissions boundary.`);
  });
}
