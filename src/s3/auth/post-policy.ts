// The policy of a form upload: until when, and what its fields may say.
// https://docs.aws.amazon.com/AmazonS3/latest/API/sigv4-HTTPPOSTConstructPolicy.html
import { S3Error } from '../../shared/errors.ts';
import { isoSeconds } from './sigv4-time.ts';

export type FieldCondition = {
  readonly operator: 'eq' | 'starts-with';
  /** lower-case, without `$` */
  readonly field: string;
  readonly value: string;
};

export type LengthRange = { readonly minBytes: number; readonly maxBytes: number };

export type PostPolicy = {
  readonly expiresAt: number;
  readonly fields: readonly FieldCondition[];
  readonly lengths: readonly LengthRange[];
};

function invalidPolicy(message: string): S3Error {
  return new S3Error('InvalidPolicyDocument', { message: `Invalid Policy: ${message}` });
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** `text` is base64, as the form has it. Errors: InvalidPolicyDocument. */
export function parsePostPolicy(text: string): PostPolicy {
  const document = parseJson(Buffer.from(text, 'base64').toString('utf8'));
  if (!isObject(document)) throw invalidPolicy('Invalid JSON.');
  const { expiration, conditions, ...others } = document;
  const [unexpected] = Object.keys(others);
  if (unexpected !== undefined) throw invalidPolicy(`Unexpected: '${unexpected}'.`);
  if (!Array.isArray(conditions)) throw invalidPolicy('Policy missing conditions.');
  const parsed = conditions.map(parseCondition);
  return {
    expiresAt: parseExpiration(expiration),
    fields: parsed.filter((condition) => 'field' in condition),
    lengths: parsed.filter((condition) => 'maxBytes' in condition),
  };
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    throw invalidPolicy('Invalid JSON.');
  }
}

const ISO_TIME = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}(?:\.\d{1,9})?Z$/;

function parseExpiration(value: unknown): number {
  if (value === undefined) throw invalidPolicy('Policy missing expiration.');
  const time = typeof value === 'string' && ISO_TIME.test(value) ? Date.parse(value) : Number.NaN;
  if (Number.isNaN(time)) throw invalidPolicy(`Invalid 'expiration' value: ${JSON.stringify(value)}`);
  return time;
}

function parseCondition(condition: unknown): FieldCondition | LengthRange {
  if (Array.isArray(condition)) return parseList(condition);
  if (!isObject(condition)) throw invalidPolicy('Invalid Condition: expected an object or a list.');
  const [entry, ...more] = Object.entries(condition);
  if (entry === undefined || more.length > 0) {
    throw invalidPolicy('Invalid Simple-Condition: Simple-Conditions must have exactly one property specified.');
  }
  const [field, value] = entry;
  if (typeof value !== 'string') throw invalidPolicy('Invalid Simple-Condition: value must be a string.');
  return { operator: 'eq', field: field.toLowerCase(), value };
}

function parseList(condition: readonly unknown[]): FieldCondition | LengthRange {
  const [name, first, second, ...more] = condition;
  const operator = typeof name === 'string' ? name.toLowerCase() : '';
  if (operator !== 'eq' && operator !== 'starts-with' && operator !== 'content-length-range') {
    throw invalidPolicy(`Unknown operation: ${JSON.stringify(name)}`);
  }
  if (second === undefined || more.length > 0)
    throw invalidPolicy(`Invalid ${operator}: incorrect number of arguments.`);
  if (operator === 'content-length-range') return { minBytes: parseBytes(first), maxBytes: parseBytes(second) };
  if (typeof first !== 'string' || !/^\$./.test(first) || typeof second !== 'string') {
    throw invalidPolicy(`Invalid ${operator}: expected a field written $name, and a string.`);
  }
  return { operator, field: first.slice(1).toLowerCase(), value: second };
}

function parseBytes(value: unknown): number {
  const bytes = typeof value === 'string' && /^\d{1,15}$/.test(value) ? Number(value) : value;
  if (typeof bytes === 'number' && Number.isSafeInteger(bytes) && bytes >= 0) return bytes;
  throw invalidPolicy('Invalid content-length-range: expected two whole numbers, 0 or more.');
}

/** What carries the policy, or proves it, needs no condition; a checksum only makes the upload stricter. */
const UNCOVERED = /^(?:policy|file|signature|awsaccesskeyid|x-amz-signature|x-ignore-.*|x-amz-checksum-.*)$/;

/** `fields` by lower-case name, `bucket` among them. Errors: AccessDenied. */
export function checkPostPolicy(policy: PostPolicy, fields: ReadonlyMap<string, string>, now: number): void {
  if (now > policy.expiresAt) {
    throw new S3Error('AccessDenied', {
      message: 'Invalid according to Policy: Policy expired.',
      fields: { Expires: isoSeconds(policy.expiresAt), ServerTime: isoSeconds(now) },
    });
  }
  for (const condition of policy.fields) {
    if (!holds(condition, fields.get(condition.field) ?? '')) throw conditionFailed(condition);
  }
  const covered = new Set(policy.fields.map(({ field }) => field));
  const extra = [...fields.keys()].filter((name) => !covered.has(name) && !UNCOVERED.test(name));
  if (extra.length === 0) return;
  throw new S3Error('AccessDenied', {
    message: `Invalid according to Policy: Extra input fields: ${extra.join(', ')}`,
  });
}

function holds({ operator, field, value }: FieldCondition, given: string): boolean {
  if (operator === 'eq') return given === value;
  // a list of types: each of them counts
  const texts = field === 'content-type' ? given.split(',').map((text) => text.trim()) : [given];
  return texts.every((text) => text.startsWith(value));
}

function conditionFailed({ operator, field, value }: FieldCondition): S3Error {
  const condition = JSON.stringify([operator, `$${field}`, value]);
  return new S3Error('AccessDenied', { message: `Invalid according to Policy: Policy Condition failed: ${condition}` });
}
