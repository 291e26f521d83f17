// Why a decision was no: the same function that decided is asked again, each time with one of the rules left out. What
// would then be allowed shows what stands in the way.
import { aclsEnabled } from '../access/bucket-access.ts';
import { type Decision, type Resource, decide } from '../access/decide.ts';
import type { Denied } from '../access/denied.ts';
import { written } from '../access/describe-decision.ts';
import type { Identity, Principal } from '../access/principal.ts';
import { evaluate } from '../policy/evaluate.ts';
import type { Verdict } from '../policy/policy.ts';
import {
  type ExplainedDecision,
  type Explanation,
  explained,
  type Layer,
  type NextStep,
  type RefusalCause,
} from './explanation.ts';

type Case = Pick<Denied, 'principal' | 'question' | 'resource' | 'decision'>;

export function explainDenied(denied: Case): Explanation {
  const { principal, question, decision } = denied;
  const layers = layersOf(denied);
  const cause = causeOf(denied, layers);
  const decidedBy = decidedByOf(denied);
  const facts = {
    action: question.action,
    resource: question.resource,
    ...(decidedBy === null ? {} : { policy: decidedBy.policy, statement: decidedBy.sid ?? '' }),
    ...(principal.kind === 'anonymous' ? {} : { identity: principal.identity.name }),
    ...(decision.kind === 'refused' && decision.reason === 'foreign-object' ? { owner: ownerOf(denied) } : {}),
  };
  const explainedDecision = { action: question.action, resource: question.resource, layers, decidedBy };
  return explained(cause, stepsFor(cause, layers), facts, { decision: explainedDecision });
}

function causeOf({ decision }: Case, layers: readonly Layer[]): RefusalCause {
  if (decision.kind === 'deny') return 'explicit-deny';
  if (decision.kind !== 'refused') return 'no-allow';
  const { reason } = decision;
  const blocked = layers.some(({ layer, standsInTheWay }) => layer === 'public-access-block' && standsInTheWay);
  if (reason === 'anonymous' && blocked) return 'public-access-blocked';
  return reason;
}

const steps: Readonly<Partial<Record<RefusalCause, readonly NextStep[]>>> = {
  'explicit-deny': ['change-deny-statement'],
  'no-allow': ['attach-allowing-policy'],
  'permissions-boundary': ['widen-boundary'],
  'session-policy': ['widen-session-policy'],
  'key-restriction': ['widen-key-restriction'],
  'project-in-trash': ['restore-project'],
  'other-project': ['use-key-of-project'],
  'other-account': ['ask-bucket-owner'],
  anonymous: ['sign-request', 'make-public'],
  'public-access-blocked': ['sign-request', 'unblock-public-access'],
  'foreign-object': ['ask-object-owner'],
};

/** Where the bucket of another account grants it, the own policies are what is missing. */
function stepsFor(cause: RefusalCause, layers: readonly Layer[]): readonly NextStep[] {
  const ownMissing = layers.some(({ layer, standsInTheWay }) => layer === 'identity-policies' && standsInTheWay);
  if (cause === 'other-account' && ownMissing) return ['attach-allowing-policy'];
  return steps[cause] ?? ['read-message'];
}

function decidedByOf({ decision, principal, resource }: Case): ExplainedDecision['decidedBy'] {
  const verdict: Decision | Verdict =
    decision.kind === 'refused' && 'verdict' in decision ? decision.verdict : decision;
  if (verdict.kind !== 'deny') return null;
  const { policy, statement } = verdict;
  const own = principal.kind !== 'anonymous' && principal.identity.accountId === resource?.accountId;
  const isForeign = policy === 'bucket policy' && !own;
  return { policy, sid: statement.sid, statement: isForeign ? null : written(statement) };
}

const ownerOf = ({ resource }: Case): string => resource?.object?.ownerCanonicalId ?? '';

function layersOf(denied: Case): Layer[] {
  const { principal, resource } = denied;
  const identity = principal.kind === 'anonymous' ? null : principal.identity;
  return [
    ...(identity === null ? [] : identityLayers(denied, identity)),
    ...(principal.kind === 's3-key' ? [restrictionLayer(denied, principal)] : []),
    ...(resource === null ? [] : bucketLayers(denied, resource)),
  ];
}

const allows = ({ principal, question, resource }: Case): boolean =>
  decide(principal, question, resource).kind === 'allow';

const says = (verdict: Verdict): Layer['says'] =>
  verdict.kind === 'allow' ? 'allows' : verdict.kind === 'deny' ? 'denies' : 'nothing';

function identityLayers(denied: Case, identity: Identity): Layer[] {
  const { question } = denied;
  if (identity.type === 'root') return [{ layer: 'identity-policies', says: 'allows', standsInTheWay: false }];
  const { accountId, canonicalId, name, boundary } = identity;
  const asRoot = withIdentity(denied, { type: 'root', accountId, canonicalId, name });
  const layers: Layer[] = [
    {
      layer: 'identity-policies',
      says: says(evaluate(identity.policies, question)),
      standsInTheWay: boundary === null && sessionOf(identity) === null && allows(asRoot),
    },
    {
      layer: 'permissions-boundary',
      says: boundary === null ? 'not-set' : says(evaluate([boundary], question)),
      standsInTheWay: boundary !== null && allows(withIdentity(denied, { ...identity, boundary: null })),
    },
  ];
  if (identity.type !== 'role') return layers;
  const session = identity.sessionPolicies;
  const without = withIdentity(denied, { ...identity, sessionPolicies: null });
  const sessionSays = session === null ? 'not-set' : says(evaluate(session, question));
  return [
    ...layers,
    { layer: 'session-policy', says: sessionSays, standsInTheWay: session !== null && allows(without) },
  ];
}

const sessionOf = (identity: Identity) => (identity.type === 'role' ? identity.sessionPolicies : null);

function withIdentity(denied: Case, identity: Identity): Case {
  const { principal } = denied;
  return principal.kind === 'anonymous' ? denied : { ...denied, principal: { ...principal, identity } };
}

function restrictionLayer(denied: Case, principal: Extract<Principal, { kind: 's3-key' }>): Layer {
  const { restriction } = principal;
  if (restriction === null) return { layer: 'key-restriction', says: 'not-set', standsInTheWay: false };
  const { decision } = denied;
  const refusedByIt = decision.kind === 'refused' && decision.reason === 'key-restriction';
  const verdict: Verdict = refusedByIt && 'verdict' in decision ? decision.verdict : { kind: 'none' };
  const without = { ...denied, principal: { ...principal, restriction: null } };
  return {
    layer: 'key-restriction',
    says: refusedByIt ? says(verdict) : 'allows',
    standsInTheWay: allows(without),
  };
}

function bucketLayers(denied: Case, resource: NonNullable<Resource>): Layer[] {
  const { access } = resource;
  const { decision } = denied;
  const deniedByBucket = decision.kind === 'deny' && decision.policy === 'bucket policy';
  const without = (change: Partial<typeof access>): boolean =>
    allows({ ...denied, resource: { ...resource, access: { ...access, ...change } } });
  return [
    {
      layer: 'bucket-policy',
      says: access.policy === null ? 'not-set' : deniedByBucket ? 'denies' : grants(denied) ? 'allows' : 'nothing',
      standsInTheWay: deniedByBucket && without({ policy: null }),
    },
    { layer: 'acl', says: aclsEnabled(access) ? 'nothing' : 'off', standsInTheWay: false },
    {
      layer: 'public-access-block',
      says: access.block === null ? 'not-set' : 'nothing',
      standsInTheWay: access.block !== null && without({ block: null }),
    },
  ];
}

/** What another account's bucket gives to this account: its root, who needs no policies of his own, would be allowed. */
function grants(denied: Case): boolean {
  const { principal } = denied;
  if (principal.kind === 'anonymous' || principal.identity.type === 'root') return false;
  const { accountId, canonicalId, name } = principal.identity;
  const isOwn = denied.resource?.accountId === accountId;
  return !isOwn && allows(withIdentity(denied, { type: 'root', accountId, canonicalId, name }));
}
