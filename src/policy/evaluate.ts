// The one function that decides. An explicit deny anywhere wins, then an allow, otherwise nothing allows.
import { type CompiledCondition, compileCondition } from './conditions.ts';
import { type Matcher, compilePattern, literalPrefix, resolvable, variablesOf } from './match.ts';
import type { Policy, Question, Statement, Verdict } from './policy.ts';

type CompiledStatement = {
  /** the name of its policy */
  readonly policy: string;
  /** its resources may name variables */
  readonly variables: boolean;
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

/** One policy, or all that an identity has: together they are looked through once. */
type CompiledPolicies = {
  readonly statements: readonly CompiledStatement[];
  /** by lower-case action */
  readonly byAction: Map<string, StatementIndex>;
};

/** Actions asked come from code, a few hundred; a simulator may ask anything. */
const MAX_CACHED_ACTIONS = 512;
/** by policy, or by the list of an identity's policies */
const compiledPolicies = new WeakMap<Policy | readonly Policy[], CompiledPolicies>();
const noContext = new Map<string, string>();

function compileStatement({ name, variables }: Policy, statement: Statement): CompiledStatement {
  const actions = statement.actions ?? statement.notActions ?? [];
  const resources = statement.resources ?? statement.notResources ?? [];
  const inverted = variables && statement.effect === 'Allow' ? (statement.notResources ?? []) : [];
  return {
    policy: name,
    variables,
    statement,
    actions: actions.map((text) => compilePattern(text, { wildcards: true, variables: false, foldCase: true })),
    resources: resources.map((text) => compilePattern(text, { wildcards: true, variables, foldCase: false })),
    conditions: statement.conditions.map((condition) => compileCondition(condition, variables, statement.effect)),
    neededVariables: inverted.flatMap(variablesOf),
  };
}

function compiled(policies: readonly Policy[]): CompiledPolicies {
  const [first] = policies;
  const only = policies.length === 1 ? first : undefined;
  const key = only ?? policies;
  const known = compiledPolicies.get(key);
  if (known !== undefined) return known;
  const statements =
    only === undefined
      ? policies.flatMap((policy) => compiled([policy]).statements)
      : only.statements.map((statement) => compileStatement(only, statement));
  const fresh = { statements, byAction: new Map<string, StatementIndex>() };
  compiledPolicies.set(key, fresh);
  return fresh;
}

function matchesAction({ statement, actions }: CompiledStatement, action: string): boolean {
  return actions.some((matches) => matches(action, noContext)) === (statement.actions !== undefined);
}

function indexFor(policies: CompiledPolicies, action: string): StatementIndex {
  const known = policies.byAction.get(action);
  if (known !== undefined) return known;
  const index = indexByPrefix(policies.statements.filter((statement) => matchesAction(statement, action)));
  if (policies.byAction.size < MAX_CACHED_ACTIONS) policies.byAction.set(action, index);
  return index;
}

function indexByPrefix(statements: readonly CompiledStatement[]): StatementIndex {
  const always: CompiledStatement[] = [];
  const byPrefix = new Map<string, CompiledStatement[]>();
  for (const candidate of statements) {
    const patterns = candidate.statement.resources ?? ['*'];
    const prefixes = new Set(patterns.map((pattern) => literalPrefix(pattern, candidate.variables)));
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
  const index = indexFor(compiled(policies), question.action.toLowerCase());
  let allow: Verdict = { kind: 'none' };
  for (const candidate of candidates(index, question.resource)) {
    const { statement, policy } = candidate;
    if (statement.effect === 'Allow' && allow.kind === 'allow') continue;
    if (!speaksOf(statement) || !matchesRest(candidate, question)) continue;
    if (statement.effect === 'Deny') return { kind: 'deny', policy, statement };
    allow = { kind: 'allow', policy, statement };
  }
  return allow;
}
