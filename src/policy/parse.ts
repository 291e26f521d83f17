// Policy documents, from text. The grammar is AWS's; the original product's lower-case form
// ({"statements":[{"effect":"allow","actions":[…],"resources":[…],"condition":{}}]}) is read too.
// What cannot be understood is refused here, so that nothing half-understood ever decides.
import { actionFault } from './actions.ts';
import { type Operator, conditionOperators, parseOperator, valueFault } from './conditions.ts';
import { type Form, type Part, fault, listOf, membersOf, missing, readDocument, textOf } from './document-part.ts';
import { MalformedPolicyError } from './malformed-policy.ts';
import { variableFault } from './match.ts';
import { parsePrincipals } from './parse-principals.ts';
import type { Condition, Policy, Statement } from './policy.ts';
import type { JsonNode } from './read-json.ts';

export const MAX_POLICY_CHARACTERS = 20_480;

const awsForm: Form = {
  top: ['Version', 'Id', 'Statement'],
  statements: 'Statement',
  elements: ['Sid', 'Effect', 'Action', 'NotAction', 'Resource', 'NotResource', 'Condition'],
  sid: 'Sid',
  effect: 'Effect',
  action: 'Action',
  resource: 'Resource',
  condition: 'Condition',
  principals: false,
  federated: false,
};

/** Of a resource: a bucket policy. */
const resourceForm: Form = {
  ...awsForm,
  elements: [...awsForm.elements, 'Principal', 'NotPrincipal'],
  principals: true,
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
  principals: false,
  federated: false,
};

/** Of a role: who may take it on. */
const trustForm: Form = {
  ...awsForm,
  elements: ['Sid', 'Effect', 'Principal', 'NotPrincipal', 'Action', 'NotAction', 'Condition'],
  resource: null,
  principals: true,
  federated: true,
};

export function parsePolicy(text: string, name: string): Policy {
  if (text.length > MAX_POLICY_CHARACTERS) {
    const message = `the policy is longer than ${MAX_POLICY_CHARACTERS} characters; divide it into several`;
    throw new MalformedPolicyError(message, { line: 1, column: 1, path: '' });
  }
  const node = readDocument(text);
  const form = node.kind === 'object' && node.members.has('statements') ? originalForm : awsForm;
  return parseAs(form, node, text, name);
}

/** A policy whose statements name principals. How long it may be is its owner's to say. */
export function parseResourcePolicy(text: string, name: string): Policy {
  return parseAs(resourceForm, readDocument(text), text, name);
}

/** Who may take a role on. It speaks of that role, so its statements name no resource. */
export function parseTrustPolicy(text: string, name: string): Policy {
  return parseAs(trustForm, readDocument(text), text, name);
}

function parseAs(form: Form, node: JsonNode, text: string, name: string): Policy {
  const document = { text, form, variables: isCurrentVersion(node) };
  const top: Part = { node, path: '', document };
  const members = membersOf(top, form.top);
  checkVersion(members);
  const statements = members.get(form.statements);
  if (statements === undefined) throw missing(top, form.statements);
  return { name, statements: parseStatements(statements), variables: document.variables };
}

const VERSION = '2012-10-17';
const isCurrentVersion = (node: JsonNode): boolean => {
  const version = node.kind === 'object' ? node.members.get('Version') : undefined;
  return version?.kind === 'string' && version.value === VERSION;
};

function checkVersion(members: ReadonlyMap<string, Part>): void {
  const version = members.get('Version');
  if (version === undefined) return;
  const s3Message = 'The policy must contain a valid version string';
  const value = textOf(version, s3Message);
  if (value === VERSION || value === '2008-10-17') return;
  throw fault(version, `must be "${VERSION}" or "2008-10-17"`, s3Message);
}

function parseStatements(part: Part): Statement[] {
  const sids = new Set<string>();
  return listOf(part, 'Could not parse the policy: Statement is empty!').map((each) => {
    const statement = parseStatement(each);
    // S3 takes the same Sid twice, and any characters in it; IAM does not
    if (statement.sid === null || part.document.form.principals) return statement;
    if (sids.has(statement.sid)) throw fault(each, `Sid "${statement.sid}" is used twice`);
    sids.add(statement.sid);
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
    ...(form.principals ? parsePrincipals(part, members) : {}),
    ...parseActions(part, members),
    ...parseResources(part, members),
    conditions: condition === undefined ? [] : parseConditions(condition),
  };
}

function parseSid(part: Part): string {
  const sid = textOf(part);
  if (!part.document.form.principals && !/^[A-Za-z0-9]*$/.test(sid))
    throw fault(part, 'may contain only letters and digits');
  return sid;
}

function parseEffect(statement: Part, part: Part | undefined): 'Allow' | 'Deny' {
  const { form } = statement.document;
  if (part === undefined) throw missing(statement, form.effect, ': write "Allow" or "Deny"');
  const written = textOf(part);
  const value = form === originalForm ? written.toLowerCase().replace(/^./, (c) => c.toUpperCase()) : written;
  if (value === 'Allow' || value === 'Deny') return value;
  throw fault(part, 'must be "Allow" or "Deny"', `Invalid effect: ${written}`);
}

/** Which of the pair stands there; exactly one must. */
function oneOf(statement: Part, members: ReadonlyMap<string, Part>, name: string): { part: Part; inverted: boolean } {
  const plain = members.get(name);
  const inverted = members.get(`Not${name}`);
  if (plain !== undefined && inverted !== undefined) throw fault(inverted, `stands beside "${name}": give only one`);
  const part = plain ?? inverted;
  if (part === undefined) throw missing(statement, name);
  return { part, inverted: plain === undefined };
}

function parseActions(statement: Part, members: ReadonlyMap<string, Part>): Pick<Statement, 'actions' | 'notActions'> {
  const { part, inverted } = oneOf(statement, members, statement.document.form.action);
  const s3Message = 'Policy has invalid action';
  const actions = listOf(part, s3Message).map((each) => {
    const problem = actionFault(textOf(each, s3Message));
    if (problem !== null) throw fault(each, problem, s3Message);
    return textOf(each);
  });
  return inverted ? { notActions: actions } : { actions };
}

function parseResources(
  statement: Part,
  members: ReadonlyMap<string, Part>,
): Pick<Statement, 'resources' | 'notResources'> {
  const { resource: element } = statement.document.form;
  if (element === null) return { resources: ['*'] };
  const { part, inverted } = oneOf(statement, members, element);
  const s3Message = 'Policy has invalid resource';
  const resources = listOf(part, s3Message).map((each) => {
    const resource = textOf(each, s3Message);
    if (resource !== '*' && !/^(arn:([^:]*:){4}.|[a-z0-9-]+::.)/.test(resource)) {
      const forms = '"*", "arn:aws:s3:::BUCKET", "arn:aws:s3:::BUCKET/KEY" or "vstorage::ACCOUNT:TYPE/ID"';
      throw fault(each, `${JSON.stringify(resource)} is not a resource; write ${forms}`, s3Message);
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
      const known = `known are ${conditionOperators.join(', ')}`;
      throw fault(keys, `unknown condition operator; ${known}`, `Invalid Condition type : ${operatorName}`);
    }
    return [...membersOf(keys, null)].map(([key, values]) => ({
      operator: originalOperator(operatorName),
      key: parseConditionKey(values, key),
      values: listOf(values).map((value) => parseConditionValue(value, operator)),
    }));
  });
}

/** The original product writes `numberLessThan` for NumericLessThan, and `…OrEquals`. */
function originalOperator(name: string): string {
  return /^number[A-Z]/.test(name) ? `Numeric${name.slice('number'.length).replace(/OrEquals$/, 'Equals')}` : name;
}

function parseConditionKey(part: Part, key: string): string {
  if (/^[A-Za-z0-9-]+:\S+$/.test(key)) return key;
  throw fault(part, 'a condition key is written prefix:name, as aws:SourceIp', 'Policy has an invalid condition key');
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
