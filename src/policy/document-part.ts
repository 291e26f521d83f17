// A policy document while it is being read: each part knows where it stands, so that every fault can say so.
import { MalformedPolicyError } from './malformed-policy.ts';
import { type JsonNode, JsonSyntaxError, positionOf, readJson } from './read-json.ts';

/** A part of the document and the way to it. */
export type Part = { readonly node: JsonNode; readonly path: string; readonly document: PolicyDocument };
export type PolicyDocument = { readonly text: string; readonly form: Form; readonly variables: boolean };

/** Names of the elements in the ways of writing a policy, and what is asked of them. */
export type Form = {
  readonly top: readonly string[];
  readonly statements: string;
  readonly elements: readonly string[];
  readonly sid: string;
  readonly effect: string;
  readonly action: string;
  /** null: the policy speaks of what it belongs to */
  readonly resource: string | null;
  readonly condition: string;
  /** a policy of a resource says whom it speaks of */
  readonly principals: boolean;
  /** whom identity providers vouch for can be meant */
  readonly federated: boolean;
};

export function readDocument(text: string): JsonNode {
  try {
    return readJson(text);
  } catch (error) {
    if (!(error instanceof JsonSyntaxError)) throw error;
    const place = { ...positionOf(text, error.at), path: '' };
    const s3Message = /^\s*\{/.test(text)
      ? 'This policy contains invalid Json'
      : "Policies must be valid JSON and the first byte must be '{'";
    throw new MalformedPolicyError(`the policy is not valid JSON: ${error.message}`, { ...place, s3Message });
  }
}

/** `s3Message` is what S3 says of such a fault in a bucket policy. */
export function fault(part: Part, message: string, s3Message?: string): MalformedPolicyError {
  const place = { ...positionOf(part.document.text, part.node.at), path: part.path };
  const text = part.path === '' ? message : `${part.path}: ${message}`;
  return new MalformedPolicyError(text, s3Message === undefined ? place : { ...place, s3Message });
}

export function missing(part: Part, name: string, hint = ''): MalformedPolicyError {
  return fault(part, `"${name}" is missing${hint}`, `Missing required field ${name}`);
}

export function membersOf(part: Part, allowed: readonly string[] | null): ReadonlyMap<string, Part> {
  if (part.node.kind !== 'object') throw fault(part, 'must be a JSON object');
  const members = new Map<string, Part>();
  for (const [name, node] of part.node.members) {
    const member = { node, path: part.path === '' ? name : `${part.path}.${name}`, document: part.document };
    if (allowed !== null && !allowed.includes(name)) {
      throw fault(member, unknownElement(name, allowed), `Unknown field ${name}`);
    }
    members.set(name, member);
  }
  return members;
}

function unknownElement(name: string, allowed: readonly string[]): string {
  const meant = allowed.find((known) => known.toLowerCase() === name.toLowerCase());
  if (meant !== undefined) return `write it "${meant}"`;
  if (/^(not)?principals?$/i.test(name))
    return 'an identity policy has no principal: it speaks of whom it is attached to';
  return `unknown element; known are ${allowed.join(', ')}`;
}

/** One or many: AWS takes a single value wherever a list may stand. */
export function listOf(part: Part, s3Message?: string): Part[] {
  if (part.node.kind !== 'array') return [part];
  if (part.node.items.length === 0) throw fault(part, 'must not be empty', s3Message);
  return part.node.items.map((node, index) => ({ node, path: `${part.path}[${index}]`, document: part.document }));
}

export function textOf(part: Part, s3Message?: string): string {
  if (part.node.kind !== 'string') throw fault(part, 'must be a string', s3Message);
  return part.node.value;
}
