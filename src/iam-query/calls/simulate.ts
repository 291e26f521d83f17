// What policies would allow: asked of the function that decides requests. As in AWS, only the given values of conditions
// count besides what is known of the identity, and a bucket's policy only when it is given.
import { z } from 'zod';
import { type IdentityVerdict, askLimits, decideByIdentity } from '../../access/decide-by-identity.ts';
import { identityContext } from '../../access/condition-context.ts';
import type { Identity } from '../../access/principal.ts';
import { evaluate } from '../../policy/evaluate.ts';
import { parsePolicy, parseResourcePolicy } from '../../policy/parse.ts';
import type { Policy, Question } from '../../policy/policy.ts';
import { speaksOf } from '../../policy/principals.ts';
import { type CallScope, type DeclaredCall, declareCall } from '../call.ts';
import { QueryError } from '../errors.ts';
import { arn, document, list, paging, text } from '../schemas.ts';
import { type Simulated, loadSimulated } from '../simulated-identity.ts';
import type { XmlFields } from '../xml.ts';

const entry = z.strictObject({
  ContextKeyName: text(5, 256).optional(),
  ContextKeyValues: list(z.string(), 1000).optional(),
  ContextKeyType: z.string().optional(),
});

const question = {
  ActionNames: list(text(3, 128), 1000),
  ResourceArns: list(text(1, 2048), 1000).optional(),
  ResourcePolicy: document.optional(),
  ResourceOwner: text(1, 2048).optional(),
  ContextEntries: list(entry, 1000).optional(),
  ResourceHandlingOption: text(1, 64).optional(),
  PermissionsBoundaryPolicyInputList: list(document, 1).optional(),
  ...paging,
};

const customInput = z.strictObject({
  PolicyInputList: list(document, 100),
  CallerArn: arn.optional(),
  ...question,
});
const principalInput = z.strictObject({
  PolicySourceArn: arn,
  PolicyInputList: list(document, 100).optional(),
  CallerArn: arn.optional(),
  ...question,
});
type Wanted = Omit<z.infer<typeof principalInput>, 'PolicySourceArn' | 'PolicyInputList'>;

const parseInputs = (documents: readonly string[], name: string): Policy[] =>
  documents.map((each, index) => parsePolicy(each, `${name}.${index + 1}`));

const simulateCustomPolicy = declareCall({
  service: 'iam',
  name: 'SimulateCustomPolicy',
  input: customInput,
  asks: () => [{ action: 'iam:SimulateCustomPolicy', resource: '*' }],
  run: async (wanted, scope) => {
    const caller = wanted.CallerArn === undefined ? null : await loadSimulated(scope, wanted.CallerArn);
    const policies = parseInputs(wanted.PolicyInputList, 'PolicyInputList');
    return answer(wanted, withPolicies(caller ?? nobody(scope), policies, { replace: true }, wanted));
  },
});

const simulatePrincipalPolicy = declareCall({
  service: 'iam',
  name: 'SimulatePrincipalPolicy',
  input: principalInput,
  asks: ({ PolicySourceArn }) => [{ action: 'iam:SimulatePrincipalPolicy', resource: PolicySourceArn }],
  run: async (wanted, scope) => {
    const simulated = await loadSimulated(scope, wanted.PolicySourceArn);
    const more = parseInputs(wanted.PolicyInputList ?? [], 'PolicyInputList');
    return answer(wanted, withPolicies(simulated, more, { replace: false }, wanted));
  },
});

/** Whoever has these policies and nothing else. */
function nobody({ caller }: CallScope): Simulated {
  const { accountId, canonicalId } = caller.identity;
  const rights = { policies: [], boundary: null, path: '/', tags: [] };
  return {
    identity: { type: 'user', accountId, canonicalId, userId: 'AIDASIMULATED' as never, name: 'simulated', ...rights },
    named: {},
    isSomebody: false,
  };
}

function withPolicies(
  simulated: Simulated,
  policies: readonly Policy[],
  { replace }: { readonly replace: boolean },
  { PermissionsBoundaryPolicyInputList: [boundary] = [] }: Wanted,
): Simulated {
  const { identity } = simulated;
  if (identity.type === 'root') throw new QueryError('InvalidInput', 'A root account has no policies.');
  const bounded =
    boundary === undefined ? identity.boundary : parsePolicy(boundary, 'PermissionsBoundaryPolicyInputList.1');
  const all = replace ? policies : [...identity.policies, ...policies];
  return { ...simulated, identity: { ...identity, policies: all, boundary: bounded } };
}

type Evaluation = { readonly action: string; readonly resource: string };

function answer(wanted: Wanted, simulated: Simulated): XmlFields {
  const context = contextOf(wanted, simulated);
  const resources = wanted.ResourceArns ?? [];
  const all = wanted.ActionNames.flatMap((action) =>
    (resources.length === 0 ? ['*'] : resources).map((resource): Evaluation => ({ action, resource })),
  );
  const from = wanted.Marker === undefined ? 0 : Number.parseInt(wanted.Marker, 10) || 0;
  const until = from + (wanted.MaxItems ?? 100);
  const resourcePolicy =
    wanted.ResourcePolicy === undefined ? null : parseResourcePolicy(wanted.ResourcePolicy, 'ResourcePolicy');
  return {
    EvaluationResults: all
      .slice(from, until)
      .map((each) => evaluationXml({ ...each, context }, simulated, resourcePolicy)),
    IsTruncated: until < all.length,
    Marker: until < all.length ? String(until) : undefined,
  };
}

function contextOf({ ContextEntries = [] }: Wanted, { identity, isSomebody }: Simulated): Question['context'] {
  const known = isSomebody ? identityContext(identity) : [];
  const given = ContextEntries.flatMap(({ ContextKeyName, ContextKeyValues = [] }) => {
    if (ContextKeyName === undefined) return [];
    const value = ContextKeyValues.length === 1 ? (ContextKeyValues[0] ?? '') : ContextKeyValues;
    return [[ContextKeyName.toLowerCase(), value] as const];
  });
  return new Map<string, string | readonly string[]>([...known, ...given]);
}

function evaluationXml(asked: Question, simulated: Simulated, resourcePolicy: Policy | null): XmlFields {
  const { identity } = simulated;
  const byIdentity = decideByIdentity(identity, asked);
  const byResource = resourcePolicy === null ? null : askResource(resourcePolicy, asked, simulated);
  const verdict =
    byResource?.kind === 'deny' || (byResource?.kind === 'allow' && byIdentity.kind === 'none')
      ? byResource
      : byIdentity;
  const boundary = identity.type === 'root' ? null : identity.boundary;
  return {
    EvalActionName: asked.action,
    EvalResourceName: asked.resource,
    EvalDecision: decisionOf(verdict),
    MatchedStatements:
      verdict.kind === 'allow' || verdict.kind === 'deny'
        ? [{ SourcePolicyId: verdict.policy, SourcePolicyType: 'IAM Policy' }]
        : [],
    MissingContextValues: missingKeys(simulated, resourcePolicy, asked),
    PermissionsBoundaryDecisionDetail:
      boundary === null ? undefined : { AllowedByPermissionsBoundary: allowedByBoundary(identity, asked) },
  };
}

const decisionOf = ({ kind }: IdentityVerdict): string =>
  kind === 'allow' ? 'allowed' : kind === 'deny' ? 'explicitDeny' : 'implicitDeny';

const allowedByBoundary = (identity: Identity, asked: Question): boolean => askLimits(identity, asked) === null;

function askResource(policy: Policy, asked: Question, { identity, ref, named }: Simulated): IdentityVerdict {
  if (ref === undefined) return { kind: 'none' };
  const { accountId, canonicalId } = identity;
  const asker = { kind: 'identity', accountId, canonicalId, self: ref, projectId: null } as const;
  return evaluate([policy], asked, speaksOf(asker, named, 'role'));
}

function policiesOf({ identity }: Simulated): readonly Policy[] {
  if (identity.type === 'root') return [];
  return identity.boundary === null ? identity.policies : [...identity.policies, identity.boundary];
}

export const contextKeysOf = (policies: readonly Policy[]): string[] => {
  const keys = policies.flatMap(({ statements }) =>
    statements.flatMap(({ conditions }) => conditions.map(({ key }) => key)),
  );
  return [...new Map(keys.map((key) => [key.toLowerCase(), key])).values()];
};

function missingKeys(simulated: Simulated, resourcePolicy: Policy | null, { context }: Question): string[] {
  const policies = [...policiesOf(simulated), ...(resourcePolicy === null ? [] : [resourcePolicy])];
  return contextKeysOf(policies).filter((key) => !context.has(key.toLowerCase()));
}

const getContextKeysForCustomPolicy = declareCall({
  service: 'iam',
  name: 'GetContextKeysForCustomPolicy',
  input: z.strictObject({ PolicyInputList: list(document, 100) }),
  asks: () => [{ action: 'iam:GetContextKeysForCustomPolicy', resource: '*' }],
  run: async ({ PolicyInputList }) => ({
    ContextKeyNames: contextKeysOf(parseInputs(PolicyInputList, 'PolicyInputList')),
  }),
});

const getContextKeysForPrincipalPolicy = declareCall({
  service: 'iam',
  name: 'GetContextKeysForPrincipalPolicy',
  input: z.strictObject({ PolicySourceArn: arn, PolicyInputList: list(document, 100).optional() }),
  asks: ({ PolicySourceArn }) => [{ action: 'iam:GetContextKeysForPrincipalPolicy', resource: PolicySourceArn }],
  run: async ({ PolicySourceArn, PolicyInputList = [] }, scope) => {
    const own = policiesOf(await loadSimulated(scope, PolicySourceArn));
    return { ContextKeyNames: contextKeysOf([...own, ...parseInputs(PolicyInputList, 'PolicyInputList')]) };
  },
});

export const simulateCalls: readonly DeclaredCall[] = [
  simulateCustomPolicy,
  simulatePrincipalPolicy,
  getContextKeysForCustomPolicy,
  getContextKeysForPrincipalPolicy,
];
