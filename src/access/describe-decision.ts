// A decision in words and as data, for those who may know.
import type { Condition, Statement, Verdict } from '../policy/policy.ts';
import type { Simulated, SimulatedDecision, SimulatedQuestion } from './simulate.ts';

export type DescribedDecision = {
  readonly allowed: boolean;
  readonly decision: 'allowed' | 'explicit-deny' | 'implicit-deny';
  /** one sentence */
  readonly reason: string;
  /** null: no statement decided */
  readonly decidedBy: {
    readonly policy: string;
    readonly sid: string | null;
    /** as a policy writes it */
    readonly statement: Readonly<Record<string, unknown>>;
  } | null;
};

const refusals: Readonly<Record<Extract<SimulatedDecision, { kind: 'refused' }>['reason'], string>> = {
  anonymous: 'Nobody has signed this, and it is not public.',
  'other-account': 'The bucket belongs to another account, and nothing there grants it.',
  'other-project': 'The bucket is in another project than the S3 key, and nothing there grants it.',
  'project-in-trash': 'The project is in the trash.',
  'foreign-object': 'The object belongs to another account than the bucket, and its ACL does not grant it.',
  'permissions-boundary': 'A policy allows it, but the permissions boundary of the identity does not.',
  'session-policy': 'A policy allows it, but the policies of the session do not.',
  'key-restriction': 'The restriction of the S3 key does not allow it.',
  'key-unusable': 'The S3 key is disabled, expired or rotated out.',
  'creator-inactive':
    'The creator of the S3 key (or the service account it is attached to), or its account or project, is disabled or deleted.',
  'identity-inactive': 'The account, IAM user, service account or role is disabled or deleted.',
  'not-for-keys': 'S3 keys do nothing but S3; management is for whoever is signed in.',
};

/** `ownAccount`: whose policies may be shown. The policy of another account's bucket is not. */
export function describeDecision(
  { decision, bucket }: Simulated,
  { action }: Pick<SimulatedQuestion, 'action'>,
  ownAccount: string,
): DescribedDecision {
  if (decision.kind === 'refused') {
    const verdict: Verdict = 'verdict' in decision ? decision.verdict : { kind: 'none' };
    const by = verdict.kind === 'deny' ? shown(verdict) : null;
    return { allowed: false, decision: 'implicit-deny', reason: refusals[decision.reason], decidedBy: by };
  }
  if (decision.kind === 'none') {
    const reason = `No policy allows ${action} here.`;
    return { allowed: false, decision: 'implicit-deny', reason, decidedBy: null };
  }
  const foreign = bucket !== null && bucket.accountId !== ownAccount && decision.policy === 'bucket policy';
  const name = decision.statement.sid === null ? 'A statement' : `The statement ${decision.statement.sid}`;
  return {
    allowed: decision.kind === 'allow',
    decision: decision.kind === 'allow' ? 'allowed' : 'explicit-deny',
    reason: `${name} of "${decision.policy}" ${decision.kind === 'allow' ? 'allows' : 'denies'} it.`,
    decidedBy: foreign ? null : shown(decision),
  };
}

const shown = (verdict: Exclude<Verdict, { kind: 'none' }>): DescribedDecision['decidedBy'] => ({
  policy: verdict.policy,
  sid: verdict.statement.sid,
  statement: written(verdict.statement),
});

/** As a policy writes it. */
export function written(statement: Statement): Record<string, unknown> {
  const { sid, effect, actions, notActions, resources, notResources, conditions } = statement;
  const entries = {
    Sid: sid,
    Effect: effect,
    Action: actions,
    NotAction: notActions,
    Resource: resources,
    NotResource: notResources,
    Condition: conditions.length === 0 ? undefined : conditionBlock(conditions),
  };
  return Object.fromEntries(Object.entries(entries).filter(([, value]) => value !== undefined && value !== null));
}

function conditionBlock(conditions: readonly Condition[]): Record<string, Record<string, readonly string[]>> {
  const block: Record<string, Record<string, readonly string[]>> = {};
  for (const { operator, key, values } of conditions) block[operator] = { ...block[operator], [key]: values };
  return block;
}
