// A policy from the original product, or from anywhere, as one that means the same here: its 76 actions and its resource
// names are translated, and what became of each is told. Nothing is allowed that was not; what cannot be said here is
// left out and reported, and a condition that cannot be kept refuses the whole policy, for without it an Allow would
// allow more.
import { type ActionResource, managementActions, s3Actions } from './actions.ts';
import { MalformedPolicyError } from './malformed-policy.ts';
import { compilePattern } from './match.ts';
import {
  type OriginalAction,
  type OriginalLevel,
  asksAbout,
  originalActions,
  originalName,
} from './original-actions.ts';
import { parsePolicy } from './parse.ts';
import type { Condition, Statement } from './policy.ts';
import { readOriginalForm } from './original-form.ts';

export type ImportedAction = {
  /** 1, 2, 3 … */
  readonly statement: number;
  readonly action: string;
  /** `kept`: it is one of ours, or of another product; `dropped`: it means nothing here */
  readonly outcome: 'kept' | 'translated' | 'dropped';
  readonly becomes: readonly string[];
  /** what to look at; null: nothing */
  readonly note: string | null;
};

export type ImportedPolicy = {
  /** in AWS's form, ready to be stored */
  readonly document: string;
  readonly report: readonly ImportedAction[];
};

type Written = {
  readonly Sid?: string;
  readonly Effect: Statement['effect'];
  readonly Action?: readonly string[];
  readonly NotAction?: readonly string[];
  readonly Resource?: readonly string[];
  readonly NotResource?: readonly string[];
  readonly Condition?: Readonly<Record<string, Readonly<Record<string, readonly string[]>>>>;
};

/** `accountId`: whose projects the policy will speak of. Throws MalformedPolicyError. */
export function importPolicy(text: string, accountId: string): ImportedPolicy {
  const policy = parsePolicy(readOriginalForm(text), 'imported policy');
  const translated = policy.statements.map((statement, index) => translate(statement, index + 1, accountId));
  const written = translated.flatMap(({ statements }) => statements);
  const report = translated.flatMap((each) => each.report);
  if (written.length === 0) throw unusable('nothing of this policy means anything here');
  const Version = policy.variables || translated.some(({ isOriginal }) => isOriginal) ? '2012-10-17' : '2008-10-17';
  const document = JSON.stringify({ Version, Statement: written }, null, 2);
  // what is stored must be readable again
  parsePolicy(document, 'imported policy');
  return { document, report };
}

function unusable(message: string): MalformedPolicyError {
  return new MalformedPolicyError(message, { line: 1, column: 1, path: '' });
}

type Translated = {
  readonly isOriginal: boolean;
  readonly statements: readonly Written[];
  readonly report: readonly ImportedAction[];
};

function translate(statement: Statement, number: number, accountId: string): Translated {
  const { actions, notActions, resources } = statement;
  const originals = (actions ?? notActions ?? []).filter(isOriginal);
  if (originals.length === 0)
    return { isOriginal: false, statements: [asWritten(statement)], report: kept(statement, number) };
  if (actions === undefined || resources === undefined) {
    throw unusable(`statement ${number}: "all but" cannot be translated; name the actions and resources`);
  }
  const own = actions.filter((action) => !isOriginal(action));
  const found = originals.map((action) => ({ action, meant: meantBy(action) }));
  const groups = groupByTarget(
    found.flatMap(({ meant }) => meant),
    resources,
    accountId,
  );
  const statements = [...groups].map(([target, group]) => ({
    ...asWritten({ ...statement, actions: [...group.actions], resources: [...group.resources] }, target),
  }));
  const kept_ = own.length === 0 ? [] : [asWritten({ ...statement, actions: own })];
  const reached = new Set([...groups.values()].flatMap((group) => [...group.actions]));
  const report = found.map(({ action, meant }) => tell(action, meant, { number, resources, reached }));
  return {
    isOriginal: true,
    statements: [...kept_, ...statements],
    report: [...kept({ ...statement, actions: own }, number), ...report],
  };
}

const kept = ({ actions, notActions }: Statement, statement: number): ImportedAction[] =>
  (actions ?? notActions ?? []).map((action) => ({
    statement,
    action,
    outcome: 'kept',
    becomes: [action],
    note: noteOf(action),
  }));

function noteOf(action: string): string | null {
  const product = action.slice(0, action.indexOf(':')).toLowerCase();
  const known = action === '*' || ['s3', 'vstorage', 'iam', 'sts'].includes(product);
  return known ? null : `actions of ${product} mean nothing here`;
}

const ownActions = new Map([...s3Actions, ...managementActions].map((action) => [action.name.toLowerCase(), action]));
const isOriginal = (action: string): boolean => /^vstorage-hcm03:/i.test(action);

function meantBy(action: string): OriginalAction[] {
  const name = originalName(action.slice(action.indexOf(':') + 1));
  const matches = compilePattern(name, { wildcards: true, variables: false, foldCase: true });
  return originalActions.filter((each) => matches(each.name.toLowerCase(), new Map()));
}

type Group = { readonly actions: Set<string>; readonly resources: Set<string> };

/** One statement for the actions about buckets, one for those about objects, and so on: each with its own resources. */
function groupByTarget(
  meant: readonly OriginalAction[],
  resources: readonly string[],
  accountId: string,
): ReadonlyMap<OriginalLevel, Group> {
  const groups = new Map<OriginalLevel, Group>();
  for (const action of new Set(meant.flatMap(({ becomes }) => becomes))) {
    const target = asksAbout(resourceTypeOf(action));
    const reached = resources.flatMap((resource) => translateResource(resource, target, accountId));
    if (reached.length === 0) continue;
    const group = groups.get(target) ?? { actions: new Set(), resources: new Set(reached) };
    group.actions.add(action);
    groups.set(target, group);
  }
  return groups;
}

const resourceTypeOf = (action: string): ActionResource => ownActions.get(action.toLowerCase())?.resource ?? 'account';

const ORIGINAL_RESOURCE = /^[a-z0-9-]+::[^:]*:([a-z-]+)\/(.+)$/i;

/** What a resource of the original names, as a resource of the kind that an action asks about; none: nothing of it. */
function translateResource(resource: string, target: OriginalLevel, accountId: string): string[] {
  if (resource === '*' || resource.startsWith('arn:')) return [resource];
  const [, type = '', id = ''] = ORIGINAL_RESOURCE.exec(resource) ?? [];
  if (target === 'any') return type === 'project' || type === 'region' ? ['*'] : [];
  if (target === 'project') return type === 'project' ? [`vstorage::${accountId}:project/${id}`] : [];
  if (type === 'object') return target === 'object' ? [`arn:aws:s3:::${id}`] : [];
  if (type !== 'container') return [];
  return [target === 'container' ? `arn:aws:s3:::${id}` : `arn:aws:s3:::${id}/*`];
}

type Told = { readonly number: number; readonly resources: readonly string[]; readonly reached: ReadonlySet<string> };

function tell(action: string, meant: readonly OriginalAction[], { number, resources, reached }: Told): ImportedAction {
  const wanted = [...new Set(meant.flatMap(({ becomes }) => becomes))];
  const becomes = wanted.filter((each) => reached.has(each));
  const notes = new Set(meant.flatMap(({ note }) => (note === null ? [] : [note])));
  if (meant.length === 0) notes.add('the original has no such action');
  if (becomes.length < wanted.length) notes.add(`the resources name nothing that ${listed(wanted, becomes)} is about`);
  if (meant.some(({ level }) => level === 'object') && resources.some((each) => /:container\//.test(each))) {
    notes.add('on a container it is about all objects in it');
  }
  const outcome = becomes.length === 0 ? 'dropped' : 'translated';
  return { statement: number, action, outcome, becomes, note: notes.size === 0 ? null : [...notes].join('; ') };
}

const listed = (wanted: readonly string[], becomes: readonly string[]): string =>
  wanted.filter((each) => !becomes.includes(each)).join(', ');

/** A statement that becomes several gives each an Sid of its own. */
function asWritten(statement: Statement, part = ''): Written {
  const { sid, effect, actions, notActions, resources, notResources, conditions } = statement;
  return {
    ...(sid === null || sid === '' ? {} : { Sid: `${sid}${part.charAt(0).toUpperCase()}${part.slice(1)}` }),
    Effect: effect,
    ...(actions === undefined ? { NotAction: notActions ?? [] } : { Action: actions }),
    ...(resources === undefined ? { NotResource: notResources ?? [] } : { Resource: resources }),
    ...(conditions.length === 0 ? {} : { Condition: blockOf(conditions) }),
  };
}

function blockOf(conditions: readonly Condition[]): NonNullable<Written['Condition']> {
  const block: Record<string, Record<string, readonly string[]>> = {};
  for (const { operator, key, values } of conditions) block[operator] = { ...block[operator], [key]: values };
  return block;
}
