// Policy documents, from text. The grammar is AWS's; the original product's lower-case form
// ({"statements":[{"effect":"allow","actions":[…],"resources":[…],"condition":{}}]}) is read too.
// What cannot be understood is refused here, so that nothing half-understood ever decides.
import { actionFault } from './actions.ts';
import { type Operator, conditionOperators, parseOperator, valueFault } from './conditions.ts';
import { MalformedPolicyError } from './malformed-policy.ts';
import { variableFault } from './match.ts';
import type { Condition, Policy, Statement } from './policy.ts';
import { type JsonNode, JsonSyntaxError, positionOf, readJson } from './read-json.ts';

export const MAX_POLICY_CHARACTERS = 20_480;

/** A part of the document and the way to it. */
type Part = { readonly node: JsonNode; readonly path: string; readonly document: Document };
type Document = { readonly text: string; readonly form: Form; readonly variables: boolean };

/** Names of the elements in the two ways of writing a policy. */
type Form = {
  readonly top: readonly string[];
  readonly statements: string;
  readonly elements: readonly string[];
  readonly sid: string;
  readonly effect: string;
  readonly action: string;
  readonly resource: string;
  readonly condition: string;
};

const awsForm: Form = {
  top: ['Version', 'Id', 'Statement'],
  statements: 'Statement',
  elements: ['Sid', 'Effect', 'Action', 'NotAction', 'Resource', 'NotResource', 'Condition'],
  sid: 'Sid',
  effect: 'Effect',
  action: 'Action',
  resource: 'Resource',
  condition: 'Condition',
};

const originalForm: Form = {
  top: ['statements'],
  statements: 'statements',
  elements: ['sid', 'effect', 'actions', 'resources', 'condition'],
  sid: 'sid',
  effect: 'effect',
  action: 'actions',
  resource: 'resources',
  condition: 'condition',
};

export function parsePolicy(text: string, name: string): Policy {
  if (text.length > MAX_POLICY_CHARACTERS) {
    const message = `the policy is longer than ${MAX_POLICY_CHARACTERS} characters; divide it into several`;
    throw new MalformedPolicyError(message, { line: 1, column: 1, path: '' });
  }
  const node = readDocument(text);
  const form = node.kind === 'object' && node.members.has('statements') ? originalForm : awsForm;
  const document = { text, form, variables: isCurrentVersion(node) };
  const top: Part = { node, path: '', document };
  const members = membersOf(top, form.top);
  checkVersion(members);
  const statements = members.get(form.statements);
  if (statements === undefined) throw fault(top, `"${form.statements}" is missing`);
  return { name, statements: parseStatements(statements), variables: document.variables };
}

function readDocument(text: string): JsonNode {
  try {
    return readJson(text);
  } catch (error) {
    if (!(error instanceof JsonSyntaxError)) throw error;
    const place = { ...positionOf(text, error.at), path: '' };
    throw new MalformedPolicyError(`the policy is not valid JSON: ${error.message}`, place);
  }
}

function fault(part: Part, message: string): MalformedPolicyError {
  const place = { ...positionOf(part.document.text, part.node.at), path: part.path };
  return new MalformedPolicyError(part.path === '' ? message : `${part.path}: ${message}`, place);
}

const VERSION = '2012-10-17';
const isCurrentVersion = (node: JsonNode): boolean => {
  const version = node.kind === 'object' ? node.members.get('Version') : undefined;
  return version?.kind === 'string' && version.value === VERSION;
};

function checkVersion(members: ReadonlyMap<string, Part>): void {
  const version = members.get('Version');
  if (version === undefined) return;
  const value = textOf(version);
  if (value !== VERSION && value !== '2008-10-17') throw fault(version, `must be "${VERSION}" or "2008-10-17"`);
}

function membersOf(part: Part, allowed: readonly string[] | null): ReadonlyMap<string, Part> {
  if (part.node.kind !== 'object') throw fault(part, 'must be a JSON object');
  const members = new Map<string, Part>();
  for (const [name, node] of part.node.members) {
    const member = { node, path: part.path === '' ? name : `${part.path}.${name}`, document: part.document };
    if (allowed !== null && !allowed.includes(name)) throw fault(member, unknownElement(name, allowed));
    members.set(name, member);
  }
  return members;
}

function unknownElement(name: string, allowed: readonly string[]): string {
  if (/^(not)?principals?$/i.test(name))
    return 'an identity policy has no principal: it speaks of whom it is attached to';
  const meant = allowed.find((known) => known.toLowerCase() === name.toLowerCase());
  return meant === undefined ? `unknown element; known are ${allowed.join(', ')}` : `write it "${meant}"`;
}

/** One or many: AWS takes a single value wherever a list may stand. */
function listOf(part: Part): Part[] {
  if (part.node.kind !== 'array') return [part];
  if (part.node.items.length === 0) throw fault(part, 'must not be empty');
  return part.node.items.map((node, index) => ({ node, path: `${part.path}[${index}]`, document: part.document }));
}

function textOf(part: Part): string {
  if (part.node.kind !== 'string') throw fault(part, 'must be a string');
  return part.node.value;
}

function parseStatements(part: Part): Statement[] {
  const sids = new Set<string>();
  return listOf(part).map((each) => {
    const statement = parseStatement(each);
    if (statement.sid !== null && sids.has(statement.sid)) throw fault(each, `Sid "${statement.sid}" is used twice`);
    if (statement.sid !== null) sids.add(statement.sid);
    return statement;
  });
}

function parseStatement(part: Part): Statement {
  const { form } = part.document;
  const members = membersOf(part, form.elements);
  const sid = members.get(form.sid);
  const condition = members.get(form.condition);
  return {
    sid: sid === undefined ? null : parseSid(sid),
    effect: parseEffect(part, members.get(form.effect)),
    ...parseActions(part, members),
    ...parseResources(part, members),
    conditions: condition === undefined ? [] : parseConditions(condition),
  };
}

function parseSid(part: Part): string {
  const sid = textOf(part);
  if (!/^[A-Za-z0-9]*$/.test(sid)) throw fault(part, 'may contain only letters and digits');
  return sid;
}

function parseEffect(statement: Part, part: Part | undefined): 'Allow' | 'Deny' {
  const { form } = statement.document;
  if (part === undefined) throw fault(statement, `"${form.effect}" is missing: write "Allow" or "Deny"`);
  const written = textOf(part);
  const value = form === originalForm ? written.toLowerCase().replace(/^./, (c) => c.toUpperCase()) : written;
  if (value === 'Allow' || value === 'Deny') return value;
  throw fault(part, 'must be "Allow" or "Deny"');
}

/** Which of the pair stands there; exactly one must. */
function oneOf(statement: Part, members: ReadonlyMap<string, Part>, name: string): { part: Part; inverted: boolean } {
  const plain = members.get(name);
  const inverted = members.get(`Not${name}`);
  if (plain !== undefined && inverted !== undefined) throw fault(inverted, `stands beside "${name}": give only one`);
  const part = plain ?? inverted;
  if (part === undefined) throw fault(statement, `"${name}" is missing`);
  return { part, inverted: plain === undefined };
}

function parseActions(statement: Part, members: ReadonlyMap<string, Part>): Pick<Statement, 'actions' | 'notActions'> {
  const { part, inverted } = oneOf(statement, members, statement.document.form.action);
  const actions = listOf(part).map((each) => {
    const problem = actionFault(textOf(each));
    if (problem !== null) throw fault(each, problem);
    return textOf(each);
  });
  return inverted ? { notActions: actions } : { actions };
}

function parseResources(
  statement: Part,
  members: ReadonlyMap<string, Part>,
): Pick<Statement, 'resources' | 'notResources'> {
  const { part, inverted } = oneOf(statement, members, statement.document.form.resource);
  const resources = listOf(part).map((each) => {
    const resource = textOf(each);
    if (resource !== '*' && !/^(arn:([^:]*:){4}.|[a-z0-9-]+::.)/.test(resource)) {
      const forms = '"*", "arn:aws:s3:::BUCKET", "arn:aws:s3:::BUCKET/KEY" or "vstorage::ACCOUNT:TYPE/ID"';
      throw fault(each, `${JSON.stringify(resource)} is not a resource; write ${forms}`);
    }
    return checkedVariables(each, resource);
  });
  return inverted ? { notResources: resources } : { resources };
}

function checkedVariables(part: Part, text: string): string {
  const problem = part.document.variables ? variableFault(text) : null;
  if (problem !== null) throw fault(part, problem);
  return text;
}

function parseConditions(part: Part): Condition[] {
  return [...membersOf(part, null)].flatMap(([operatorName, keys]) => {
    const operator = parseOperator(originalOperator(operatorName));
    if (operator === null) {
      throw fault(keys, `unknown condition operator; known are ${conditionOperators.join(', ')}`);
    }
    return [...membersOf(keys, null)].map(([key, values]) => ({
      operator: originalOperator(operatorName),
      key: parseConditionKey(values, key),
      values: listOf(values).map((value) => parseConditionValue(value, operator)),
    }));
  });
}

/** The original product writes `numberLessThan` for NumericLessThan. */
const originalOperator = (name: string): string => name.replace(/^number(?=[A-Z])/, 'Numeric');

function parseConditionKey(part: Part, key: string): string {
  if (!/^[A-Za-z0-9-]+:\S+$/.test(key)) throw fault(part, 'a condition key is written prefix:name, as aws:SourceIp');
  return key;
}

function parseConditionValue(part: Part, operator: Operator): string {
  const { node } = part;
  if (node.kind !== 'string' && node.kind !== 'number' && node.kind !== 'boolean') {
    throw fault(part, 'must be a string, a number or a boolean');
  }
  const value = checkedVariables(part, String(node.value));
  const problem = valueFault(operator, value, part.document.variables);
  if (problem !== null) throw fault(part, problem);
  return value;
}
