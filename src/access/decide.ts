// The decision about one question: pure, the same for real requests and for explaining them. Allowed = no explicit
// deny anywhere ∧ inside the key's project ∧ the project is not in the trash ∧ the identity's policies allow (root:
// always). To come in their places: a key's restriction and a user's boundary narrow with the identity policies;
// bucket policies and ACLs widen within the account.
import { defaultActions } from '../policy/actions.ts';
import { evaluate } from '../policy/evaluate.ts';
import type { Question, Statement, Verdict } from '../policy/policy.ts';
import type { AccountId, ProjectId } from '../shared/ids.ts';
import type { Identity, Principal } from './principal.ts';

export type Refusal = 'anonymous' | 'other-account' | 'other-project' | 'project-in-trash';
export type Decision = Verdict | { readonly kind: 'refused'; readonly reason: Refusal };

/** Whose the resource is. null: what belongs to the asker's own account and project (ListBuckets, CreateBucket). */
export type Resource = {
  readonly accountId: AccountId;
  readonly projectId: ProjectId;
  readonly projectTrashed: boolean;
} | null;

const everything: Pick<Statement, 'effect' | 'actions' | 'resources' | 'conditions'> = {
  effect: 'Allow',
  actions: ['*'],
  resources: ['*'],
  conditions: [],
};
const ROOT: Verdict = { kind: 'allow', policy: 'root account', statement: { sid: 'Root', ...everything } };
const DEFAULT: Verdict = { kind: 'allow', policy: 'default', statement: { sid: 'OwnS3Keys', ...everything } };

export function decide(principal: Principal, question: Question, resource: Resource): Decision {
  if (principal.kind === 'anonymous') return { kind: 'refused', reason: 'anonymous' };
  const outside = refusal(principal, resource);
  if (outside !== null) return { kind: 'refused', reason: outside };
  return decideByIdentity(principal.identity, question);
}

function refusal(principal: Exclude<Principal, { kind: 'anonymous' }>, resource: Resource): Refusal | null {
  if (resource !== null && resource.accountId !== principal.identity.accountId) return 'other-account';
  if (principal.kind === 's3-key') {
    if (resource !== null && resource.projectId !== principal.projectId) return 'other-project';
    if (principal.projectTrashed) return 'project-in-trash';
  }
  return resource?.projectTrashed === true ? 'project-in-trash' : null;
}

/** The identity's policies alone: also what management asks. */
export function decideByIdentity(identity: Identity, question: Question): Verdict {
  if (identity.type === 'root') return ROOT;
  const verdict = evaluate(identity.policies, question);
  return verdict.kind === 'none' && defaultActions.has(question.action) ? DEFAULT : verdict;
}
