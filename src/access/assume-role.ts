// May this caller take this role on? Its trust policy must say so. Who is of another account, or trusted only as one of
// an account, needs to be allowed by his own policies too; nobody whose own policies deny it may.
// https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_evaluation-logic-cross-account.html
import type { RoleRecord } from '../metadata/tables/identities.ts';
import type { AssumeQuestion } from '../metadata/tables/temporary-keys.ts';
import { evaluate } from '../policy/evaluate.ts';
import { parseTrustPolicy } from '../policy/parse.ts';
import type { Policy, Question } from '../policy/policy.ts';
import { type PolicyAsker, type Reach, speaksOf } from '../policy/principals.ts';
import { decideByIdentity } from './decide-by-identity.ts';
import { type Identity, refOf } from './principal.ts';

export type AssumeCaller =
  | { readonly type: 'identity'; readonly identity: Identity }
  /** whom an identity provider of the role's account vouches for */
  | { readonly type: 'federated'; readonly provider: string };

export function mayAssume(role: RoleRecord, caller: AssumeCaller, wanted: AssumeQuestion): boolean {
  const trust = readTrust(role);
  if (trust === null) return false;
  const context = new Map(Object.entries(wanted.context));
  const questions = wanted.actions.map((action) => ({ action, resource: wanted.roleArn, context }));
  return questions.every((question) => isTrusted({ role, trust }, caller, question));
}

type Trusting = { readonly role: RoleRecord; readonly trust: Policy };

function isTrusted({ role, trust }: Trusting, caller: AssumeCaller, question: Question): boolean {
  const named = role.trustIdentities ?? {};
  const ask = (asker: PolicyAsker, reach: Reach): boolean =>
    evaluate([trust], question, speaksOf(asker, named, reach)).kind === 'allow';
  if (caller.type === 'federated') return ask({ kind: 'federated', provider: caller.provider }, 'direct');
  const { identity } = caller;
  // as in AWS: a root account has no need to, and nothing that would limit it there
  if (identity.type === 'root') return false;
  const { accountId, canonicalId } = identity;
  const asker: PolicyAsker = { kind: 'identity', accountId, canonicalId, self: refOf(identity), projectId: null };
  const own = decideByIdentity(identity, question);
  if (own.kind === 'deny') return false;
  if (accountId === role.accountId && ask(asker, 'role')) return true;
  return own.kind === 'allow' && ask(asker, 'account');
}

/** What was accepted once and cannot be read any more trusts nobody. */
function readTrust({ trustPolicy, name }: RoleRecord): Policy | null {
  try {
    return parseTrustPolicy(trustPolicy, name);
  } catch {
    return null;
  }
}
