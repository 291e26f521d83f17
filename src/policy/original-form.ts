// The original product's way of writing a policy, made ready to be read: its conditions, windows of time by its own names
// for the time, as those that AWS has, and its actions all under one name of the product.
import { managementActions } from './actions.ts';
import { readDocument } from './document-part.ts';
import { MalformedPolicyError } from './malformed-policy.ts';
import { originalActions, originalName } from './original-actions.ts';
import type { JsonNode } from './read-json.ts';

const TIME = /^(?:[A-Za-z0-9-]+:)?(?:epoch-?_?time|current-?_?time|request-?_?time|timestamp|time)$/i;
/** Later than this in seconds is the year 5138: it is milliseconds. */
const MILLISECONDS_FROM = 100_000_000_000;

/** Any other form of policy as it is. Throws MalformedPolicyError. */
export function readOriginalForm(text: string): string {
  const node = readDocument(text);
  if (node.kind !== 'object' || !node.members.has('statements')) return text;
  return JSON.stringify(plain(node, []), null, 2);
}

/** Under `statements[].condition.<operator>` the names are keys of conditions. */
function plain(node: JsonNode, path: readonly string[]): unknown {
  if (node.kind === 'array') return node.items.map((item) => plain(item, path));
  if (node.kind === 'string' && path.join('.') === 'statements.actions') return originalAction(node.value);
  if (node.kind === 'number' || node.kind === 'string') return node.value;
  if (node.kind === 'boolean') return node.value;
  if (node.kind === 'null') return null;
  const isConditionKeys = path.length === 3 && path[0] === 'statements' && path[1] === 'condition';
  const members = [...node.members].map(([name, value]): [string, unknown] =>
    isConditionKeys ? timeCondition(path[2] ?? '', name, value) : [name, plain(value, [...path, name])],
  );
  return Object.fromEntries(members);
}

const ownActions = new Set(managementActions.map(({ name }) => name.toLowerCase()));
const names = new Set(originalActions.map(({ name }) => name.toLowerCase()));

/** The newer product is called `vstorage`, as this one: its names are told apart by being none of ours. */
function originalAction(action: string): string {
  const name = /^vstorage:(.+)$/i.exec(action)?.[1];
  const isOriginal =
    name !== undefined && !ownActions.has(action.toLowerCase()) && names.has(originalName(name).toLowerCase());
  return isOriginal ? `vstorage-hcm03:${name}` : action;
}

function timeCondition(operator: string, key: string, value: JsonNode): [string, unknown] {
  if (/^aws:/i.test(key)) return [key, plain(value, [])];
  if (!TIME.test(key)) {
    const message = `the condition key ${JSON.stringify(key)} means nothing here; take the condition away, or write an AWS key such as aws:SourceIp`;
    throw new MalformedPolicyError(message, { line: 1, column: 1, path: `condition.${operator}` });
  }
  const values = value.kind === 'array' ? value.items : [value];
  return ['aws:EpochTime', values.map((each) => epochSeconds(operator, each))];
}

function epochSeconds(operator: string, node: JsonNode): string {
  const written = node.kind === 'number' || node.kind === 'string' ? node.value : '';
  const number = /^\d+(\.\d+)?$/.test(written) ? Number(written) : Date.parse(written) / 1000;
  if (Number.isNaN(number)) {
    const message = `${JSON.stringify(written)} is not a time; write seconds since 1970 or 2026-01-31T08:00:00Z`;
    throw new MalformedPolicyError(message, { line: 1, column: 1, path: `condition.${operator}` });
  }
  return String(number >= MILLISECONDS_FROM ? number / 1000 : number);
}
