// The one question a call of the IAM and STS Query APIs puts: by AWS's name of the action, and beside it by the management
// action that covers the same. Either may allow, either may deny.
import { findIamAction } from '../policy/iam-actions.ts';
import { type RequestFacts, requestContext } from './condition-context.ts';
import { decideByIdentity } from './decide-by-identity.ts';
import type { Decision } from './decide.ts';
import { askRestriction } from './key-restriction.ts';
import { type Principal, arnOf } from './principal.ts';

export type SignedPrincipal = Exclude<Principal, { kind: 'anonymous' }>;

export type QueryAsk = {
  /** `iam:CreateUser` */
  readonly action: string;
  /** the ARN of what it is about */
  readonly resource: string;
  /** that of the management action, as management names it: `*`, or the id behind `vstorage::ACCOUNT:user/` */
  readonly managed?: string;
  /** another management action than the one that generally covers the call */
  readonly manages?: string;
  /** further values for conditions, by lower-case key */
  readonly context?: Readonly<Record<string, string | readonly string[]>>;
};

export function decideQuery(principal: SignedPrincipal, ask: QueryAsk, facts: RequestFacts): Decision {
  if (principal.kind === 's3-key' && principal.projectTrashed) return { kind: 'refused', reason: 'project-in-trash' };
  const context = new Map([...requestContext(principal.identity, facts), ...Object.entries(ask.context ?? {})]);
  const asked = { action: ask.action, resource: ask.resource, context };
  if (principal.kind === 's3-key' && principal.restriction !== null) {
    const verdict = askRestriction(principal.restriction, asked);
    if (verdict.kind !== 'allow') return { kind: 'refused', reason: 'key-restriction', verdict };
  }
  const byAws = decideByIdentity(principal.identity, asked);
  const manages = ask.manages ?? findIamAction(ask.action)?.manages ?? null;
  if (byAws.kind === 'deny' || manages === null) return byAws;
  const managed = decideByIdentity(principal.identity, { action: manages, resource: ask.managed ?? '*', context });
  return managed.kind === 'deny' || byAws.kind !== 'allow' ? preferred(managed, byAws) : byAws;
}

/** What management says where it says something; else AWS's name stands in the refusal. */
function preferred<T extends { readonly kind: string }>(managed: T, byAws: T): T {
  return managed.kind === 'deny' || managed.kind === 'allow' ? managed : byAws;
}

/** Worded as AWS words it. */
export function explainQuery(principal: SignedPrincipal, ask: QueryAsk, decision: Decision): string {
  const start = `User: ${arnOf(principal.identity)} is not authorized to perform: ${ask.action} on resource: ${ask.resource}`;
  return `${start} ${reason(ask, decision)}`;
}

function reason({ action }: QueryAsk, decision: Decision): string {
  if (decision.kind === 'deny') return 'with an explicit deny in an identity-based policy';
  if (decision.kind === 'refused') {
    if (decision.reason === 'permissions-boundary') {
      return `because no permissions boundary allows the ${action} action`;
    }
    if (decision.reason === 'session-policy') return `because no session policy allows the ${action} action`;
    if (decision.reason === 'project-in-trash') return 'because the project of the key is in the trash';
    if (decision.reason === 'key-restriction') return 'because the key is restricted';
  }
  return `because no identity-based policy allows the ${action} action`;
}
