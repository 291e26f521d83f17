// Condition operators. https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_condition_operators.html
// A missing key fails every operator but the negated ones, …IfExists, Null and ForAllValues. An operator nobody knows
// is refused when the policy is parsed; should one get here, it never lets an Allow through and always lets a Deny.
import { inRange, parseAddress, parseIpRange } from './ip-range.ts';
import { type Matcher, compilePattern, resolvable, variablesOf } from './match.ts';
import type { Condition, ConditionContext } from './policy.ts';

type ValueTest = Matcher;
/** Tests for one policy value, or a sentence saying why the value cannot be used. */
type CompileValue = (value: string, variables: boolean) => ValueTest | { readonly fault: string };
type Comparison = { readonly negated: boolean; readonly compile: CompileValue };

export type Operator = {
  readonly comparison: Comparison | 'null';
  readonly over: 'one' | 'all' | 'any';
  readonly ifExists: boolean;
};

const text = (wildcards: boolean, foldCase: boolean): CompileValue => {
  return (value, variables) => {
    const matcher = compilePattern(value, { wildcards, variables, foldCase });
    return foldCase ? (found, context) => matcher(found.toLowerCase(), context) : matcher;
  };
};

const ordered = (
  parse: (text: string) => number | null,
  what: string,
  holds: (found: number, wanted: number) => boolean,
): CompileValue => {
  return (value) => {
    const wanted = parse(value);
    if (wanted === null) return { fault: `${JSON.stringify(value)} is not ${what}` };
    return (found) => {
      const number = parse(found);
      return number !== null && holds(number, wanted);
    };
  };
};

const parseNumber = (value: string): number | null =>
  /^[+-]?(\d+\.?\d*|\.\d+)([eE][+-]?\d+)?$/.test(value) ? Number(value) : null;

/** ms since 1970 of ISO 8601 or of seconds since 1970 */
function parseTime(value: string): number | null {
  if (/^\d+(\.\d+)?$/.test(value)) return Number(value) * 1000;
  if (!/^\d{4}-\d{2}-\d{2}(T\d{2}:\d{2}(:\d{2}(\.\d+)?)?(Z|[+-]\d{2}:\d{2}))?$/.test(value)) return null;
  const time = Date.parse(value);
  return Number.isNaN(time) ? null : time;
}

const truth: CompileValue = (value) => {
  const wanted = value.toLowerCase();
  if (wanted !== 'true' && wanted !== 'false') return { fault: `${JSON.stringify(value)} is neither true nor false` };
  return (found) => found.toLowerCase() === wanted;
};

const address: CompileValue = (value) => {
  const range = parseIpRange(value);
  if (range === null) return { fault: `${JSON.stringify(value)} is not an IP address or range such as 192.0.2.0/24` };
  return (found) => {
    const parsed = parseAddress(found);
    return parsed !== null && inRange(range, parsed);
  };
};

const binary: CompileValue = (value) => {
  if (!/^[A-Za-z0-9+/]*={0,2}$/.test(value)) return { fault: `${JSON.stringify(value)} is not base64` };
  return (found) => found === value;
};

/** Six components, the last of which keeps its colons; a colon inside `${…}` divides nothing. */
function arnParts(arn: string): string[] {
  const parts = arn.match(/(?:\$\{[^}]*\}|[^:])*(?::|$)/g) ?? [];
  const first = parts.slice(0, 5).map((part) => part.replace(/:$/, ''));
  return parts.length < 6 ? [arn] : [...first, parts.slice(5).join('')];
}

const arn: CompileValue = (value, variables) => {
  const parts = arnParts(value);
  const options = { wildcards: true, variables, foldCase: false };
  if (parts.length < 6) {
    const whole = value === '*' || value.startsWith('${');
    return whole ? compilePattern(value, options) : { fault: `${JSON.stringify(value)} is not an ARN of six parts` };
  }
  const matchers = parts.map((part) => compilePattern(part, options));
  return (found, context) => {
    const components = found.split(':');
    if (components.length < 6) return false;
    return matchers.every((matches, i) =>
      matches(i < 5 ? (components[i] ?? '') : components.slice(5).join(':'), context),
    );
  };
};

const less = (a: number, b: number): boolean => a < b;
const atMost = (a: number, b: number): boolean => a <= b;
const same = (a: number, b: number): boolean => a === b;
const numeric = (holds: typeof less): CompileValue => ordered(parseNumber, 'a number', holds);
const time = (holds: typeof less): CompileValue =>
  ordered(parseTime, 'a time such as 2026-01-31T08:00:00Z or seconds since 1970', holds);
const more = (a: number, b: number): boolean => a > b;
const atLeast = (a: number, b: number): boolean => a >= b;
const is = (compile: CompileValue): Comparison => ({ negated: false, compile });
const isNot = (compile: CompileValue): Comparison => ({ negated: true, compile });

const comparisons: Readonly<Record<string, Comparison>> = {
  StringEquals: is(text(false, false)),
  StringNotEquals: isNot(text(false, false)),
  StringEqualsIgnoreCase: is(text(false, true)),
  StringNotEqualsIgnoreCase: isNot(text(false, true)),
  StringLike: is(text(true, false)),
  StringNotLike: isNot(text(true, false)),
  NumericEquals: is(numeric(same)),
  NumericNotEquals: isNot(numeric(same)),
  NumericLessThan: is(numeric(less)),
  NumericLessThanEquals: is(numeric(atMost)),
  NumericGreaterThan: is(numeric(more)),
  NumericGreaterThanEquals: is(numeric(atLeast)),
  DateEquals: is(time(same)),
  DateNotEquals: isNot(time(same)),
  DateLessThan: is(time(less)),
  DateLessThanEquals: is(time(atMost)),
  DateGreaterThan: is(time(more)),
  DateGreaterThanEquals: is(time(atLeast)),
  Bool: is(truth),
  BinaryEquals: is(binary),
  IpAddress: is(address),
  NotIpAddress: isNot(address),
  ArnEquals: is(arn),
  ArnLike: is(arn),
  ArnNotEquals: isNot(arn),
  ArnNotLike: isNot(arn),
};
const byLowerCase = new Map(Object.entries(comparisons).map(([name, comparison]) => [name.toLowerCase(), comparison]));

export const conditionOperators: readonly string[] = [...Object.keys(comparisons), 'Null'];

export function parseOperator(name: string): Operator | null {
  const [, over, base = '', ifExists] =
    /^(forallvalues:|foranyvalue:)?(.*?)(ifexists)?$/.exec(name.toLowerCase()) ?? [];
  const comparison = base === 'null' ? 'null' : byLowerCase.get(base);
  if (comparison === undefined) return null;
  if (comparison === 'null' && (over !== undefined || ifExists !== undefined)) return null;
  return {
    comparison,
    over: over === undefined ? 'one' : over === 'forallvalues:' ? 'all' : 'any',
    ifExists: ifExists !== undefined,
  };
}

/** Why a condition value cannot be used with an operator, or null. */
export function valueFault(operator: Operator, value: string, variables: boolean): string | null {
  const compile = operator.comparison === 'null' ? truth : operator.comparison.compile;
  const compiled = compile(value, variables);
  return typeof compiled === 'function' ? null : compiled.fault;
}

export type CompiledCondition = (context: ConditionContext) => boolean;

const listOf = (found: string | readonly string[] | undefined): readonly string[] =>
  found === undefined ? [] : typeof found === 'string' ? [found] : found;

function compileNull(key: string, values: readonly string[]): CompiledCondition {
  const wanted = values.map((value) => value.toLowerCase() === 'true');
  return (context) => wanted.includes(listOf(context.get(key)).length === 0);
}

export function compileCondition(
  condition: Condition,
  variables: boolean,
  effect: 'Allow' | 'Deny',
): CompiledCondition {
  const operator = parseOperator(condition.operator);
  if (operator === null) return () => effect === 'Deny';
  const key = condition.key.toLowerCase();
  if (operator.comparison === 'null') return compileNull(key, condition.values);
  const { negated, compile } = operator.comparison;
  const compiled = condition.values.map((value) => compile(value, variables));
  const tests = compiled.filter((test) => typeof test === 'function');
  if (tests.length < compiled.length) return () => effect === 'Deny';
  // "is not ${unknown}" would hold for every value: it must not let an Allow through
  const needed = negated && variables && effect === 'Allow' ? condition.values.flatMap(variablesOf) : [];
  const holds = (found: string, context: ConditionContext): boolean =>
    tests.some((test) => test(found, context)) !== negated;
  return (context) => {
    if (!resolvable(needed, context)) return false;
    const found = listOf(context.get(key));
    if (operator.over === 'any') return found.length === 0 ? operator.ifExists : found.some((v) => holds(v, context));
    if (found.length === 0) return operator.over === 'all' || operator.ifExists || negated;
    // several values and no set operator: "is" means one of them is, "is not" means none of them is
    return operator.over === 'all' || negated
      ? found.every((value) => holds(value, context))
      : found.some((value) => holds(value, context));
  };
}
