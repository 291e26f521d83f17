// The parameters of a call, from their flat form (`Tags.member.1.Key=team`) to what they describe, and from there to
// exact values by a schema. What a schema does not know is refused: a parameter that limits something must not be
// passed over.
import type { z } from 'zod';
import { QueryError } from './errors.ts';

export type ParameterTree = string | readonly ParameterTree[] | { readonly [name: string]: ParameterTree };

type Node = Map<string, Node | string>;

const MAX_DEPTH = 8;

/** Of the protocol and of signatures; no call has them. */
const NOT_OF_CALLS = /^(Action|Version|AWSAccessKeyId|Signature\w*|Timestamp|SecurityToken|X-Amz-.*)$/i;

export function parameterTree(parameters: ReadonlyMap<string, string>): Readonly<Record<string, ParameterTree>> {
  const root: Node = new Map();
  for (const [name, value] of parameters) if (!NOT_OF_CALLS.test(name)) insert(root, name.split('.'), value);
  return Object.fromEntries([...root].map(([name, node]) => [name, toTree(node)]));
}

function insert(root: Node, path: readonly string[], value: string): void {
  if (path.length > MAX_DEPTH) throw malformed(path);
  let node = root;
  for (const step of path.slice(0, -1)) {
    const next = node.get(step) ?? new Map<string, Node | string>();
    if (typeof next === 'string') throw malformed(path);
    node.set(step, next);
    node = next;
  }
  const last = path.at(-1) ?? '';
  if (node.has(last)) throw malformed(path);
  node.set(last, value);
}

const malformed = (path: readonly string[]): QueryError =>
  new QueryError('MalformedQueryString', `The parameter ${path.join('.')} contradicts another one.`);

function toTree(node: Node | string): ParameterTree {
  if (typeof node === 'string') return node;
  const members = node.get('member') ?? node.get('entry');
  if (node.size === 1 && members !== undefined && typeof members !== 'string') return toList(members);
  return Object.fromEntries([...node].map(([name, child]) => [name, toTree(child)]));
}

const toList = (members: Node): ParameterTree[] =>
  [...members].toSorted(([a], [b]) => Number(a) - Number(b)).map(([, child]) => toTree(child));

/** Errors: ValidationError, worded as AWS does. */
export function parseInput<T>(schema: z.ZodType<T>, tree: Readonly<Record<string, ParameterTree>>): T {
  const parsed = schema.safeParse(tree);
  if (parsed.success) return parsed.data;
  const { issues } = parsed.error;
  const count = `${issues.length} validation error${issues.length === 1 ? '' : 's'} detected`;
  throw new QueryError('ValidationError', `${count}: ${issues.map((issue) => describe(issue, tree)).join('; ')}`);
}

function describe(issue: z.core.$ZodIssue, tree: ParameterTree): string {
  if (issue.code === 'unrecognized_keys') return `${issue.keys.join(', ')}: not a parameter of this call here`;
  const value = valueAt(tree, issue.path);
  const name = issue.path.map((step) => (typeof step === 'number' ? String(step + 1) : lowerFirst(String(step))));
  const shown = SECRET.test(name.join()) ? '****' : shownValue(value);
  const constraint = value === undefined ? 'Member must not be null' : issue.message;
  return `Value ${shown} at '${name.join('.')}' failed to satisfy constraint: ${constraint}`;
}

/** Never shown again, not even to who sent them. */
const SECRET = /password|token|secret/i;

function shownValue(value: ParameterTree | undefined): string {
  if (value === undefined) return 'null';
  return typeof value === 'string' ? `'${value.slice(0, 200)}'` : 'a structure';
}

const lowerFirst = (text: string): string => `${text.slice(0, 1).toLowerCase()}${text.slice(1)}`;

function valueAt(tree: ParameterTree, path: readonly PropertyKey[]): ParameterTree | undefined {
  let value: ParameterTree | undefined = tree;
  for (const step of path) {
    if (typeof value !== 'object') return undefined;
    const children: readonly (readonly [string, ParameterTree])[] = Object.entries(value);
    value = children.find(([name]) => name === String(step))?.[1];
  }
  return value;
}
