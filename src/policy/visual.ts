// A policy as rules that a form can show and change: product, actions, effect, resources, conditions. Both ways: what the
// form can show comes back meaning the same, and what it cannot is named, so that nobody loses it by saving.
// Pure: the console uses it too.
import { parsePolicy } from './parse.ts';
import type { Condition, Policy, Statement } from './policy.ts';
import { type VisualCondition, readConditions, writeConditions } from './visual-conditions.ts';
import { type VisualResource, readResource, writeResource } from './visual-resources.ts';

export type VisualRule = {
  /** empty: it has none */
  readonly sid: string;
  readonly effect: 'allow' | 'deny';
  /** `s3`, `vstorage`, `iam`, another one's, or `*` for all of them */
  readonly product: string;
  /** names or patterns without the product */
  readonly actions: 'all' | readonly string[];
  readonly resources: 'all' | readonly VisualResource[];
  readonly conditions: readonly VisualCondition[];
};

export type VisualPolicy = {
  readonly rules: readonly VisualRule[];
  /** what no form can show, in words; with any of it the policy is to be changed as JSON only */
  readonly hidden: readonly string[];
};

/** Throws MalformedPolicyError. */
export function toVisual(document: string): VisualPolicy {
  const policy = parsePolicy(document, 'policy');
  const hidden = policy.statements.flatMap((statement, index) => hiddenIn(policy, statement, index + 1));
  if (hidden.length > 0) return { rules: [], hidden };
  const taken = new Set(policy.statements.map(({ sid }) => sid ?? ''));
  return { rules: policy.statements.flatMap((statement) => rulesOf(statement, taken)), hidden: [] };
}

function hiddenIn({ variables }: Policy, statement: Statement, number: number): string[] {
  const { notActions, notResources, resources, conditions } = statement;
  const texts = [...(resources ?? []), ...conditions.flatMap(({ values }) => values)];
  return [
    ...(notActions === undefined ? [] : [`Statement ${number} is about all actions but some (NotAction).`]),
    ...(notResources === undefined ? [] : [`Statement ${number} is about all resources but some (NotResource).`]),
    // with a Version, as the form writes it, the same text would be a variable
    ...(!variables && texts.some((text) => text.includes('${'))
      ? [`Statement ${number} has the text "\${" in a policy whose version knows no variables.`]
      : []),
  ];
}

/** One for each product: a form has one product in a rule. */
function rulesOf(statement: Statement, taken: Set<string>): VisualRule[] {
  const { sid, effect, actions = [], resources = [], conditions } = statement;
  const common = {
    effect: effect === 'Allow' ? 'allow' : 'deny',
    resources: resources.includes('*') ? 'all' : resources.map(readResource),
    conditions: readConditions(conditions),
  } as const;
  return [...byProduct(actions)].map(([product, names], index) => ({
    sid: index === 0 ? (sid ?? '') : anotherSid(sid ?? '', taken),
    ...common,
    product,
    actions: names.includes('*') ? 'all' : names,
  }));
}

function byProduct(actions: readonly string[]): ReadonlyMap<string, string[]> {
  const found = new Map<string, string[]>();
  for (const action of actions) {
    const colon = action.indexOf(':');
    const product = colon < 0 ? '*' : action.slice(0, colon).toLowerCase();
    found.set(product, [...(found.get(product) ?? []), colon < 0 ? '*' : action.slice(colon + 1)]);
  }
  return found;
}

function anotherSid(sid: string, taken: Set<string>): string {
  if (sid === '') return '';
  let number = 2;
  while (taken.has(`${sid}${number}`)) number++;
  taken.add(`${sid}${number}`);
  return `${sid}${number}`;
}

/** The document of such rules. Throws MalformedPolicyError when one of them cannot be written. */
export function fromVisual(rules: readonly VisualRule[]): string {
  const text = draftOf(rules);
  parsePolicy(text, 'policy');
  return text;
}

/** As far as it has been filled in: parsing it says what is missing. Throws MalformedPolicyError for what no JSON can hold. */
export function draftOf(rules: readonly VisualRule[]): string {
  return JSON.stringify({ Version: '2012-10-17', Statement: rules.map(statementOf) }, null, 2);
}

type ConditionBlock = Readonly<Record<string, Readonly<Record<string, readonly string[]>>>>;

function statementOf({ sid, effect, product, actions, resources, conditions }: VisualRule): object {
  const all = product === '*' ? '*' : `${product}:*`;
  const block = blockOf(writeConditions(conditions));
  return {
    ...(sid === '' ? {} : { Sid: sid }),
    Effect: effect === 'allow' ? 'Allow' : 'Deny',
    Action: actions === 'all' ? all : actions.map((name) => `${product}:${name}`),
    Resource: resources === 'all' ? '*' : resources.map(writeResource),
    ...(block === null ? {} : { Condition: block }),
  };
}

function blockOf(conditions: readonly Condition[]): ConditionBlock | null {
  const block: Record<string, Record<string, readonly string[]>> = {};
  for (const { operator, key, values } of conditions) block[operator] = { ...block[operator], [key]: values };
  return conditions.length === 0 ? null : block;
}
