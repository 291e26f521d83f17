// The one function that decides. An explicit deny anywhere wins, then an allow, otherwise nothing allows.
import { type CompiledCondition, compileCondition } from './conditions.ts';
import { type Matcher, compilePattern, resolvable, variablesOf } from './match.ts';
import type { Policy, Question, Statement, Verdict } from './policy.ts';

type CompiledStatement = {
  readonly statement: Statement;
  readonly actions: readonly Matcher[];
  readonly resources: readonly Matcher[];
  readonly conditions: readonly CompiledCondition[];
  /** variables of an Allow's NotResource: "all but ${unknown}" must not become "all" */
  readonly neededVariables: readonly string[];
};

type CompiledPolicy = {
  readonly policy: Policy;
  readonly statements: readonly CompiledStatement[];
  /** by lower-case action: the statements whose action elements match it */
  readonly byAction: Map<string, readonly CompiledStatement[]>;
};

/** Actions asked come from code, a few hundred; a simulator may ask anything. */
const MAX_CACHED_ACTIONS = 512;
const compiledPolicies = new WeakMap<Policy, CompiledPolicy>();
const noContext = new Map<string, string>();

function compileStatement(statement: Statement, variables: boolean): CompiledStatement {
  const actions = statement.actions ?? statement.notActions ?? [];
  const resources = statement.resources ?? statement.notResources ?? [];
  const inverted = variables && statement.effect === 'Allow' ? (statement.notResources ?? []) : [];
  return {
    statement,
    actions: actions.map((text) => compilePattern(text, { wildcards: true, variables: false, foldCase: true })),
    resources: resources.map((text) => compilePattern(text, { wildcards: true, variables, foldCase: false })),
    conditions: statement.conditions.map((condition) => compileCondition(condition, variables, statement.effect)),
    neededVariables: inverted.flatMap(variablesOf),
  };
}

function compiled(policy: Policy): CompiledPolicy {
  const known = compiledPolicies.get(policy);
  if (known !== undefined) return known;
  const statements = policy.statements.map((statement) => compileStatement(statement, policy.variables));
  const fresh = { policy, statements, byAction: new Map() };
  compiledPolicies.set(policy, fresh);
  return fresh;
}

function matchesAction({ statement, actions }: CompiledStatement, action: string): boolean {
  return actions.some((matches) => matches(action, noContext)) === (statement.actions !== undefined);
}

function statementsFor(policy: CompiledPolicy, action: string): readonly CompiledStatement[] {
  const known = policy.byAction.get(action);
  if (known !== undefined) return known;
  const found = policy.statements.filter((statement) => matchesAction(statement, action));
  if (policy.byAction.size < MAX_CACHED_ACTIONS) policy.byAction.set(action, found);
  return found;
}

function matchesRest(candidate: CompiledStatement, question: Question): boolean {
  const { statement, resources, conditions } = candidate;
  return (
    resolvable(candidate.neededVariables, question.context) &&
    resources.some((matches) => matches(question.resource, question.context)) === (statement.resources !== undefined) &&
    conditions.every((holds) => holds(question.context))
  );
}

export function evaluate(policies: readonly Policy[], question: Question): Verdict {
  const action = question.action.toLowerCase();
  let allow: Verdict = { kind: 'none' };
  for (const policy of policies) {
    for (const candidate of statementsFor(compiled(policy), action)) {
      const { statement } = candidate;
      if (statement.effect === 'Allow' && allow.kind === 'allow') continue;
      if (!matchesRest(candidate, question)) continue;
      if (statement.effect === 'Deny') return { kind: 'deny', policy: policy.name, statement };
      allow = { kind: 'allow', policy: policy.name, statement };
    }
  }
  return allow;
}
