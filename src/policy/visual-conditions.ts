// Conditions as a form shows them: windows of time and networks by fields of their own, all others by operator, key and
// values. Only what is written in exactly one way has a field, so that nothing changes by being shown.
import { MalformedPolicyError } from './malformed-policy.ts';
import type { Condition } from './policy.ts';

export type VisualCondition =
  /** ISO 8601; from that moment on, up to but without that moment; null: open */
  | { readonly kind: 'time'; readonly from: string | null; readonly to: string | null }
  /** addresses and ranges; `inside` false: from anywhere else */
  | { readonly kind: 'networks'; readonly inside: boolean; readonly ranges: readonly string[] }
  | { readonly kind: 'other'; readonly operator: string; readonly key: string; readonly values: readonly string[] };

const TIME_KEY = 'aws:CurrentTime';
const ADDRESS_KEY = 'aws:SourceIp';
const ISO_TIME = /^\d{4}-\d{2}-\d{2}T/;

const isTime = ({ operator, key, values }: Condition, wanted: string): boolean =>
  operator === wanted && key === TIME_KEY && values.length === 1 && ISO_TIME.test(values[0] ?? '');

export function readConditions(conditions: readonly Condition[]): VisualCondition[] {
  const from = conditions.find((condition) => isTime(condition, 'DateGreaterThanEquals'));
  const to = conditions.find((condition) => isTime(condition, 'DateLessThan'));
  const rest = conditions.filter((condition) => condition !== from && condition !== to);
  const window = { kind: 'time', from: from?.values[0] ?? null, to: to?.values[0] ?? null } as const;
  return [...(from === undefined && to === undefined ? [] : [window]), ...rest.map(readOne)];
}

function readOne({ operator, key, values }: Condition): VisualCondition {
  if (key === ADDRESS_KEY && (operator === 'IpAddress' || operator === 'NotIpAddress')) {
    return { kind: 'networks', inside: operator === 'IpAddress', ranges: values };
  }
  return { kind: 'other', operator, key, values };
}

/** Throws MalformedPolicyError when two say the same of the same key: a policy can hold but one. */
export function writeConditions(conditions: readonly VisualCondition[]): Condition[] {
  const written = conditions.flatMap(writeOne);
  const seen = new Set<string>();
  for (const { operator, key } of written) {
    if (seen.has(`${operator} ${key}`)) {
      const message = `a rule has two conditions "${operator}" on "${key}"; give their values in one`;
      throw new MalformedPolicyError(message, { line: 1, column: 1, path: 'Condition' });
    }
    seen.add(`${operator} ${key}`);
  }
  return written;
}

function writeOne(condition: VisualCondition): Condition[] {
  if (condition.kind === 'other') {
    const { operator, key, values } = condition;
    return [{ operator, key, values }];
  }
  if (condition.kind === 'networks') {
    const operator = condition.inside ? 'IpAddress' : 'NotIpAddress';
    return [{ operator, key: ADDRESS_KEY, values: condition.ranges }];
  }
  const { from, to } = condition;
  return [
    ...(from === null ? [] : [{ operator: 'DateGreaterThanEquals', key: TIME_KEY, values: [from] }]),
    ...(to === null ? [] : [{ operator: 'DateLessThan', key: TIME_KEY, values: [to] }]),
  ];
}
