// The decision about one question: pure, the same for real requests and for explaining them.
//
// Nothing is allowed that a policy denies, the bucket's included, and nothing of a project in the trash. Then:
//   in the key's own project   the identity's policies (root: everything), or the bucket policy, or an ACL's group
//   in another one             the identity's policies, and besides the bucket policy or an ACL
//   anonymous                  the bucket policy or an ACL's group
// A key with a restriction has of all this what the restriction allows too, whoever else allows more.
// Objects that belong to another account than the bucket's (ACLs enabled) are its owner's to give away: neither the
// bucket's owner nor the bucket's policy can read them.
import { aclAnswer } from '../policy/acl.ts';
import { defaultActions } from '../policy/actions.ts';
import { evaluate } from '../policy/evaluate.ts';
import type { Question, Statement, Verdict } from '../policy/policy.ts';
import { speaksOf } from '../policy/principals.ts';
import type { Acl } from '../shared/acl.ts';
import type { AccountId, ProjectId } from '../shared/ids.ts';
import { type BucketAccess, aclsEnabled, effectiveAcl } from './bucket-access.ts';
import { askRestriction } from './key-restriction.ts';
import type { Identity, Principal } from './principal.ts';

export type Refusal = 'anonymous' | 'other-account' | 'other-project' | 'project-in-trash' | 'foreign-object';
export type Decision =
  | Verdict
  | { readonly kind: 'refused'; readonly reason: Refusal }
  /** `verdict`: what the restriction of the key says */
  | { readonly kind: 'refused'; readonly reason: 'key-restriction'; readonly verdict: Verdict };

/** The object asked about, where deciding needs it. */
export type ObjectFacts = {
  readonly ownerCanonicalId: string;
  /** null: private to its owner */
  readonly acl: Acl | null;
  /** it is only about to be made */
  readonly isNew?: true;
  readonly tags: readonly { readonly key: string; readonly value: string }[];
};

export type BucketResource = {
  readonly accountId: AccountId;
  readonly ownerCanonicalId: string;
  readonly projectId: ProjectId;
  readonly projectTrashed: boolean;
  readonly access: BucketAccess;
  /** null: not needed, or there is none */
  readonly object: ObjectFacts | null;
};

/** Whose the resource is. null: what belongs to the asker's own account and project (ListBuckets, CreateBucket). */
export type Resource = BucketResource | null;

const everything: Pick<Statement, 'effect' | 'actions' | 'resources' | 'conditions'> = {
  effect: 'Allow',
  actions: ['*'],
  resources: ['*'],
  conditions: [],
};
const ROOT: Verdict = { kind: 'allow', policy: 'root account', statement: { sid: 'Root', ...everything } };
const DEFAULT: Verdict = { kind: 'allow', policy: 'default', statement: { sid: 'OwnS3Keys', ...everything } };
const ACL: Verdict = { kind: 'allow', policy: 'access control list', statement: { sid: 'Grant', ...everything } };
const NONE: Verdict = { kind: 'none' };

/** Without these an owner could lock himself out of his own bucket for good. */
const ownersAlways = new Set(['s3:GetBucketPolicy', 's3:PutBucketPolicy', 's3:DeleteBucketPolicy']);

/** What an object's owner alone can give. */
export const contentActions: ReadonlySet<string> = new Set([
  's3:GetObject',
  's3:GetObjectVersion',
  's3:GetObjectAcl',
  's3:GetObjectVersionAcl',
  's3:GetObjectAttributes',
  's3:GetObjectVersionAttributes',
  's3:PutObjectAcl',
  's3:PutObjectVersionAcl',
]);

export function decide(principal: Principal, question: Question, resource: Resource): Decision {
  if (principal.kind === 's3-key' && principal.projectTrashed) return refused('project-in-trash');
  if (principal.kind === 's3-key' && principal.restriction !== null) {
    const verdict = askRestriction(principal.restriction, question);
    if (verdict.kind !== 'allow') return { kind: 'refused', reason: 'key-restriction', verdict };
  }
  if (resource === null) {
    return principal.kind === 'anonymous' ? refused('anonymous') : decideByIdentity(principal.identity, question);
  }
  if (resource.projectTrashed) return refused('project-in-trash');
  const own = isOwn(principal, resource);
  if (own && isRoot(principal) && ownersAlways.has(question.action)) return ROOT;
  const byPolicy = askPolicy(principal, question, resource, own);
  if (byPolicy.kind === 'deny') return byPolicy;
  const byIdentity = principal.kind === 'anonymous' ? NONE : decideByIdentity(principal.identity, question);
  if (byIdentity.kind === 'deny') return byIdentity;
  const byAcl = askAcl(principal, question, resource);
  if (own) return decideOwn(byIdentity, byPolicy, byAcl, isForeign(question, resource));
  return decideOther(principal, resource, { byIdentity, byPolicy, byAcl });
}

const refused = (reason: Refusal): Decision => ({ kind: 'refused', reason });

const isRoot = (principal: Principal): boolean => principal.kind !== 'anonymous' && principal.identity.type === 'root';

export function isOwn(principal: Principal, resource: Pick<BucketResource, 'accountId' | 'projectId'>): boolean {
  if (principal.kind === 'anonymous' || principal.identity.accountId !== resource.accountId) return false;
  return principal.kind === 'session' || principal.projectId === resource.projectId;
}

function isForeign({ action }: Question, { access, object, ownerCanonicalId }: BucketResource): boolean {
  return (
    object !== null && aclsEnabled(access) && contentActions.has(action) && object.ownerCanonicalId !== ownerCanonicalId
  );
}

function askPolicy(principal: Principal, question: Question, resource: BucketResource, own: boolean): Verdict {
  const { policy, block } = resource.access;
  if (policy === null) return NONE;
  const outsider = principal.kind === 'anonymous' || principal.identity.accountId !== resource.accountId;
  const restricted = block?.restrictPublicBuckets === true && policy.isPublic && outsider;
  const reach = restricted || isForeign(question, resource) ? 'none' : own ? 'direct' : 'account';
  return evaluate([policy.policy], question, speaksOf(policyAsker(principal), policy.users, reach));
}

function policyAsker(principal: Principal): Parameters<typeof speaksOf>[0] {
  if (principal.kind === 'anonymous') return principal;
  const { identity } = principal;
  return {
    kind: 'identity',
    accountId: identity.accountId,
    canonicalId: identity.canonicalId,
    userId: identity.type === 'root' ? null : identity.userId,
    projectId: principal.kind === 's3-key' ? principal.projectId : null,
  };
}

function askAcl(
  principal: Principal,
  { action }: Question,
  { access, object }: BucketResource,
): ReturnType<typeof aclAnswer> {
  if (!aclsEnabled(access)) return 'none';
  const asker =
    principal.kind === 'anonymous'
      ? principal
      : ({ kind: 'account', canonicalId: principal.identity.canonicalId } as const);
  return aclAnswer(action, asker, {
    bucketAcl: effectiveAcl(access, access.acl),
    object: object === null ? null : { ...object, acl: effectiveAcl(access, object.acl) },
  });
}

function decideOwn(
  byIdentity: Verdict,
  byPolicy: Verdict,
  byAcl: ReturnType<typeof aclAnswer>,
  foreign: boolean,
): Decision {
  if (foreign) {
    if (byAcl === 'group' || (byAcl === 'account' && byIdentity.kind === 'allow')) return ACL;
    return refused('foreign-object');
  }
  if (byIdentity.kind === 'allow') return byIdentity;
  return byPolicy.kind === 'none' && byAcl === 'group' ? ACL : byPolicy;
}

function decideOther(
  principal: Principal,
  resource: BucketResource,
  answers: { readonly byIdentity: Verdict; readonly byPolicy: Verdict; readonly byAcl: ReturnType<typeof aclAnswer> },
): Decision {
  const { byIdentity, byPolicy, byAcl } = answers;
  const sameAccount = principal.kind !== 'anonymous' && principal.identity.accountId === resource.accountId;
  // what an account grants to itself is no grant to its other projects
  const granted = byPolicy.kind === 'allow' || byAcl === 'group' || (byAcl === 'account' && !sameAccount);
  if (!granted) {
    if (principal.kind === 'anonymous') return refused('anonymous');
    return refused(sameAccount ? 'other-project' : 'other-account');
  }
  if (principal.kind !== 'anonymous' && byIdentity.kind !== 'allow') return byIdentity;
  return byPolicy.kind === 'allow' ? byPolicy : ACL;
}

/** The identity's policies alone: also what management asks. */
export function decideByIdentity(identity: Identity, question: Question): Verdict {
  if (identity.type === 'root') return ROOT;
  const verdict = evaluate(identity.policies, question);
  return verdict.kind === 'none' && defaultActions.has(question.action) ? DEFAULT : verdict;
}
