// The decision about one question: pure, the same for real requests and for explaining them.
//
// Nothing is allowed that a policy denies, the bucket's included, and nothing of a project in the trash. Then:
//   in the key's own project   the identity's policies (root: everything), or the bucket policy, or an ACL's group
//   in another one             the identity's policies, and besides the bucket policy or an ACL
//   anonymous                  the bucket policy or an ACL's group
// The identity's policies allow within its boundary and its session's policies (decide-by-identity.ts). These do not
// narrow what a bucket policy gives to whoever asks, but they do where it names a role and somebody has taken it on.
// A key with a restriction has of all this what the restriction allows too, whoever else allows more.
// Objects that belong to another account than the bucket's (ACLs enabled) are its owner's to give away: neither the
// bucket's owner nor the bucket's policy can read them.
import { aclAnswer } from '../policy/acl.ts';
import { evaluate } from '../policy/evaluate.ts';
import type { Question, Verdict } from '../policy/policy.ts';
import { type PolicyAsker, type Reach, speaksOf } from '../policy/principals.ts';
import type { Acl } from '../shared/acl.ts';
import type { AccountId, ProjectId } from '../shared/ids.ts';
import { type BucketAccess, aclsEnabled, effectiveAcl } from './bucket-access.ts';
import { ACL, type IdentityVerdict, type Limit, ROOT, askLimits, decideByIdentity } from './decide-by-identity.ts';
import { askRestriction } from './key-restriction.ts';
import { type Principal, refOf } from './principal.ts';

export type Refusal = 'anonymous' | 'other-account' | 'other-project' | 'project-in-trash' | 'foreign-object' | Limit;
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
  const byIdentity: IdentityVerdict =
    principal.kind === 'anonymous' ? NONE : decideByIdentity(principal.identity, question);
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

function askPolicy(principal: Principal, question: Question, resource: BucketResource, own: boolean): IdentityVerdict {
  const { policy, block } = resource.access;
  if (policy === null) return NONE;
  const outsider = principal.kind === 'anonymous' || principal.identity.accountId !== resource.accountId;
  const restricted = block?.restrictPublicBuckets === true && policy.isPublic && outsider;
  const ask = (reach: Reach): Verdict =>
    evaluate([policy.policy], question, speaksOf(policyAsker(principal), policy.users, reach));
  if (restricted || isForeign(question, resource)) return ask('none');
  if (!own) return ask('account');
  const direct = ask('direct');
  if (direct.kind !== 'none' || principal.kind === 'anonymous' || principal.identity.type !== 'role') return direct;
  const byRole = ask('role');
  return byRole.kind === 'allow' ? (askLimits(principal.identity, question) ?? byRole) : byRole;
}

function policyAsker(principal: Principal): PolicyAsker {
  if (principal.kind === 'anonymous') return principal;
  const { accountId, canonicalId } = principal.identity;
  const projectId = principal.kind === 's3-key' ? principal.projectId : null;
  return { kind: 'identity', accountId, canonicalId, self: refOf(principal.identity), projectId };
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
  byIdentity: IdentityVerdict,
  byPolicy: IdentityVerdict,
  byAcl: ReturnType<typeof aclAnswer>,
  foreign: boolean,
): Decision {
  if (foreign) {
    if (byAcl === 'group' || (byAcl === 'account' && byIdentity.kind === 'allow')) return ACL;
    return refused('foreign-object');
  }
  if (byIdentity.kind === 'allow') return byIdentity;
  if (byPolicy.kind === 'allow') return byPolicy;
  if (byAcl === 'group') return ACL;
  return byPolicy.kind === 'none' ? byIdentity : byPolicy;
}

function decideOther(
  principal: Principal,
  resource: BucketResource,
  answers: {
    readonly byIdentity: IdentityVerdict;
    readonly byPolicy: IdentityVerdict;
    readonly byAcl: ReturnType<typeof aclAnswer>;
  },
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
