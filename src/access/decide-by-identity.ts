// What an identity's own policies say. Allowed is what one of them allows, its boundary allows too and, for a role that
// somebody has taken on, one of the session's policies; what any of them denies is denied.
// https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_evaluation-logic.html
import { defaultActions } from '../policy/actions.ts';
import { evaluate } from '../policy/evaluate.ts';
import type { Question, Statement, Verdict } from '../policy/policy.ts';
import type { Identity } from './principal.ts';

/** What allows more than the policies do, or less. */
export type Limit = 'permissions-boundary' | 'session-policy';
export type IdentityVerdict = Verdict | { readonly kind: 'refused'; readonly reason: Limit };

const everything: Pick<Statement, 'effect' | 'actions' | 'resources' | 'conditions'> = {
  effect: 'Allow',
  actions: ['*'],
  resources: ['*'],
  conditions: [],
};
export const ROOT: Verdict = { kind: 'allow', policy: 'root account', statement: { sid: 'Root', ...everything } };
export const ACL: Verdict = {
  kind: 'allow',
  policy: 'access control list',
  statement: { sid: 'Grant', ...everything },
};
const DEFAULT: Verdict = { kind: 'allow', policy: 'default', statement: { sid: 'OwnS3Keys', ...everything } };

/** The identity's policies alone: also what management asks. */
export function decideByIdentity(identity: Identity, question: Question): IdentityVerdict {
  if (identity.type === 'root') return ROOT;
  const own = evaluate(identity.policies, question);
  if (own.kind === 'deny') return own;
  const limit = askLimits(identity, question);
  if (limit?.kind === 'deny') return limit;
  if (own.kind === 'none') return defaultActions.has(question.action) ? DEFAULT : own;
  return limit ?? own;
}

/** null: the limits leave it as it is. */
export function askLimits(identity: Identity, question: Question): IdentityVerdict | null {
  if (identity.type === 'root') return null;
  const byBoundary = identity.boundary === null ? null : evaluate([identity.boundary], question);
  if (byBoundary?.kind === 'deny') return byBoundary;
  const sessionPolicies = identity.type === 'role' ? identity.sessionPolicies : null;
  const bySession = sessionPolicies === null ? null : evaluate(sessionPolicies, question);
  if (bySession?.kind === 'deny') return bySession;
  if (byBoundary?.kind === 'none') return { kind: 'refused', reason: 'permissions-boundary' };
  return bySession?.kind === 'none' ? { kind: 'refused', reason: 'session-policy' } : null;
}
