// The one function that decides. An explicit deny anywhere wins, then an allow, otherwise nothing allows.
import { type CompiledCondition, compileCondition } from './conditions.ts';
import { type Matcher, compilePattern, literalPrefix, resolvable, variablesOf } from './match.ts';
import type { Policy, Question, Statement, Verdict } from './policy.ts';

type CompiledStatement = {
  readonly statement: Statement;
  readonly actions: readonly Matcher[];
  readonly resources: readonly Matcher[];
  readonly conditions: readonly CompiledCondition[];
  /** variables of an Allow's NotResource: "all but ${unknown}" must not become "all" */
  readonly neededVariables: readonly string[];
};

/**
 * Statements whose action elements match one action, found by what their resources begin with: a question about
 * `arn:aws:s3:::photos/cat` looks under its own beginnings only, however many statements there are.
 */
type StatementIndex = {
  /** any resource may match */
  readonly always: readonly CompiledStatement[];
  readonly byPrefix: ReadonlyMap<string, readonly CompiledStatement[]>;
  readonly prefixLengths: readonly number[];
};

type CompiledPolicy = {
  readonly policy: Policy;
  readonly statements: readonly CompiledStatement[];
  /** by lower-case action */
  readonly byAction: Map<string, StatementIndex>;
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

function indexFor(compiledPolicy: CompiledPolicy, action: string): StatementIndex {
  const known = compiledPolicy.byAction.get(action);
  if (known !== undefined) return known;
  const found = compiledPolicy.statements.filter((statement) => matchesAction(statement, action));
  const index = indexByPrefix(found, compiledPolicy.policy.variables);
  if (compiledPolicy.byAction.size < MAX_CACHED_ACTIONS) compiledPolicy.byAction.set(action, index);
  return index;
}

function indexByPrefix(statements: readonly CompiledStatement[], variables: boolean): StatementIndex {
  const always: CompiledStatement[] = [];
  const byPrefix = new Map<string, CompiledStatement[]>();
  for (const candidate of statements) {
    const patterns = candidate.statement.resources ?? ['*'];
    const prefixes = new Set(patterns.map((pattern) => literalPrefix(pattern, variables)));
    if (prefixes.has('')) always.push(candidate);
    else for (const prefix of prefixes) byPrefix.set(prefix, [...(byPrefix.get(prefix) ?? []), candidate]);
  }
  const prefixLengths = [...new Set([...byPrefix.keys()].map((prefix) => prefix.length))];
  return { always, byPrefix, prefixLengths };
}

function* candidates(
  { always, byPrefix, prefixLengths }: StatementIndex,
  resource: string,
): Generator<CompiledStatement> {
  yield* always;
  for (const length of prefixLengths) {
    if (length <= resource.length) yield* byPrefix.get(resource.slice(0, length)) ?? [];
  }
}

function matchesRest(candidate: CompiledStatement, question: Question): boolean {
  const { statement, resources, conditions } = candidate;
  return (
    resolvable(candidate.neededVariables, question.context) &&
    resources.some((matches) => matches(question.resource, question.context)) === (statement.resources !== undefined) &&
    conditions.every((holds) => holds(question.context))
  );
}

const aboutAll = (): boolean => true;

/** `speaksOf`: whether a statement of a resource's policy is about whoever asks. */
export function evaluate(
  policies: readonly Policy[],
  question: Question,
  speaksOf: (statement: Statement) => boolean = aboutAll,
): Verdict {
  const action = question.action.toLowerCase();
  let allow: Verdict = { kind: 'none' };
  for (const policy of policies) {
    for (const candidate of candidates(indexFor(compiled(policy), action), question.resource)) {
      const { statement } = candidate;
      if (statement.effect === 'Allow' && allow.kind === 'allow') continue;
      if (!speaksOf(statement) || !matchesRest(candidate, question)) continue;
      if (statement.effect === 'Deny') return { kind: 'deny', policy: policy.name, statement };
      allow = { kind: 'allow', policy: policy.name, statement };
    }
  }
  return allow;
}
