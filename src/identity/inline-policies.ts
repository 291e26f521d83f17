// Policies that belong to one user, group, service account or role and go with it.
// https://docs.aws.amazon.com/IAM/latest/UserGuide/access_policies_managed-vs-inline.html
import type { InlinePolicy } from '../metadata/tables/identities.ts';
import { checkDocument } from '../policy/check-document.ts';
import { ProblemError } from '../shared/errors.ts';
import type { AccountId } from '../shared/ids.ts';
import { checkIamName } from './iam-names.ts';
import type { IdentityDeps } from './identity-deps.ts';
import { type HolderRecord, type HolderRef, changeHolder, holderName } from './policy-holders.ts';

/** Of one identity, all inline policies together. AWS's limits are smaller and differ by kind. */
export const MAX_INLINE_CHARACTERS = 20_480;

/** Replaces the one of this name. Throws MalformedPolicyError for a document that cannot be used. */
export async function putInlinePolicy(
  deps: IdentityDeps,
  accountId: AccountId,
  target: HolderRef,
  { name, document }: InlinePolicy,
): Promise<HolderRecord> {
  checkIamName('policy', name);
  checkDocument(document, name);
  return changeHolder(deps, accountId, target, async (record) => {
    const others = (record.inlinePolicies ?? []).filter((policy) => policy.name !== name);
    const inlinePolicies = [...others, { name, document }];
    if (sum(inlinePolicies) <= MAX_INLINE_CHARACTERS) return { inlinePolicies };
    const message = `The inline policies of ${holderName(record)} would be longer than ${MAX_INLINE_CHARACTERS} characters without white space. Make a policy of its own and attach it.`;
    throw new ProblemError(409, 'limit-exceeded', message, { field: 'document' });
  });
}

/** White space is not counted, as AWS does not. */
const sum = (policies: readonly InlinePolicy[]): number =>
  policies.reduce((total, { document }) => total + document.replaceAll(/\s/g, '').length, 0);

export function deleteInlinePolicy(
  deps: IdentityDeps,
  accountId: AccountId,
  target: HolderRef,
  name: string,
): Promise<HolderRecord> {
  return changeHolder(deps, accountId, target, async (record) => {
    findInlinePolicy(record, name);
    return { inlinePolicies: (record.inlinePolicies ?? []).filter((policy) => policy.name !== name) };
  });
}

/** Throws ProblemError 404. */
export function findInlinePolicy(record: HolderRecord, name: string): InlinePolicy {
  const found = record.inlinePolicies?.find((policy) => policy.name === name);
  if (found !== undefined) return found;
  const message = `${holderName(record)} has no inline policy named ${name}.`;
  throw new ProblemError(404, 'no-such-inline-policy', message);
}
