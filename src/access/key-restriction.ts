// What a restriction leaves of the rights of a key's creator. The form becomes a policy like any other, so that one
// evaluation decides and a refusal can name the statement; each part narrows, none can widen.
import type { KeyHours, KeyRestriction, KeyVerb } from '../metadata/tables/identities.ts';
import { s3Actions } from '../policy/actions.ts';
import { evaluate } from '../policy/evaluate.ts';
import { parsePolicy } from '../policy/parse.ts';
import type { Condition, ConditionContext, Policy, Question, Statement, Verdict } from '../policy/policy.ts';

export type Restriction = {
  /** each must allow */
  readonly policies: readonly Policy[];
  readonly hours: KeyHours | null;
  /** null: any; what ListBuckets may name */
  readonly buckets: ReadonlySet<string> | null;
};

export const FORM_NAME = 'restriction of the S3 key';
const POLICY_NAME = 'restriction policy of the S3 key';
const LISTINGS = ['s3:ListBucket', 's3:ListBucketVersions', 's3:ListBucketMultipartUploads'];
const MINUTE_MS = 60_000;
const DAY_MINUTES = 1440;

export function compileRestriction(restriction: KeyRestriction): Restriction {
  const { buckets, hours, policy } = restriction;
  const policies = [formPolicy(restriction), ...(policy === null ? [] : [readPolicy(policy)])];
  return { policies, hours, buckets: buckets === null ? null : new Set(buckets) };
}

/** The form as a policy: what the console shows as "the same in JSON". */
export function formPolicy({ buckets, prefix, allow, networks }: KeyRestriction): Policy {
  const conditions: Condition[] =
    networks === null ? [] : [{ operator: 'IpAddress', key: 'aws:SourceIp', values: networks }];
  const arns = (buckets ?? ['*']).map((name) => `arn:aws:s3:::${name}`);
  const start = escapePattern(prefix ?? '');
  const statements = [
    allowing('Service', serviceActions(allow), ['*'], conditions),
    ...bucketStatements({ prefix, allow }, arns, conditions),
    allowing(
      'Objects',
      objectActions(allow),
      arns.map((arn) => `${arn}/${start}*`),
      conditions,
    ),
  ];
  return { name: FORM_NAME, variables: true, statements: statements.filter(({ actions }) => actions?.length !== 0) };
}

function allowing(
  sid: string,
  actions: readonly string[],
  resources: readonly string[],
  conditions: readonly Condition[],
): Statement {
  return { sid, effect: 'Allow', actions, resources, conditions };
}

function bucketStatements(
  { prefix, allow }: Pick<KeyRestriction, 'prefix' | 'allow'>,
  arns: readonly string[],
  conditions: readonly Condition[],
): Statement[] {
  if (prefix === null) return [allowing('Buckets', bucketActions(allow), arns, conditions)];
  // below a prefix, a bucket can be listed there and found, but its settings are everybody's
  const under = { operator: 'StringLike', key: 's3:prefix', values: [`${escapePattern(prefix)}*`] };
  const listing = allow === null || allow.includes('list') ? LISTINGS : [];
  return [
    allowing('Listings', listing, arns, [...conditions, under]),
    allowing('Buckets', ['s3:GetBucketLocation', 's3:GetBucketVersioning'], arns, conditions),
  ];
}

/** `*`, `?` and `$` of a name as the text they are. */
const escapePattern = (text: string): string => text.replace(/[*?$]/g, (character) => `\${${character}}`);

function serviceActions(allow: readonly KeyVerb[] | null): string[] {
  return allow === null || allow.includes('list') ? ['s3:ListAllMyBuckets'] : [];
}

const actionsOf = (resource: 'bucket' | 'object', verb: KeyVerb): string[] =>
  s3Actions.filter((action) => action.resource === resource && verbsOf(action).includes(verb)).map(({ name }) => name);

/** Settings of buckets, ACLs and what bypasses a lock belong to no verb. */
export function verbsOf({ name, level, resource }: (typeof s3Actions)[number]): KeyVerb[] {
  if (name === 's3:ListMultipartUploadParts') return ['list', 'write'];
  if (name === 's3:GetBucketLocation') return ['list', 'read', 'write'];
  if (name === 's3:CreateBucket') return ['write'];
  if (/^s3:Delete(Bucket|Object|ObjectVersion)$/.test(name)) return ['delete'];
  if (level === 'List') return ['list'];
  if (level === 'Read') return ['read'];
  return resource === 'object' && (level === 'Write' || level === 'Tagging') ? ['write'] : [];
}

function expand(resource: 'bucket' | 'object', allow: readonly KeyVerb[] | null): string[] {
  return allow === null ? ['*'] : [...new Set(allow.flatMap((verb) => actionsOf(resource, verb)))];
}
const bucketActions = (allow: readonly KeyVerb[] | null): string[] => expand('bucket', allow);
const objectActions = (allow: readonly KeyVerb[] | null): string[] => expand('object', allow);

/** What was accepted once and cannot be read any more lets nothing through. */
function readPolicy(document: string): Policy {
  try {
    return parsePolicy(document, POLICY_NAME);
  } catch {
    return { name: POLICY_NAME, variables: false, statements: [] };
  }
}

const HOURS_DENY: Verdict = {
  kind: 'deny',
  policy: FORM_NAME,
  statement: { sid: 'Hours', effect: 'Deny', actions: ['*'], resources: ['*'], conditions: [] },
};

/** The first part that does not allow, or the last allow. */
export function askRestriction({ policies, hours }: Restriction, question: Question): Verdict {
  if (hours !== null && !isWithin(hours, question.context)) return HOURS_DENY;
  let verdict: Verdict = { kind: 'none' };
  for (const policy of policies) {
    verdict = evaluate([policy], question);
    if (verdict.kind !== 'allow') return verdict;
  }
  return verdict;
}

function isWithin(hours: KeyHours, context: ConditionContext): boolean {
  const time = context.get('aws:currenttime');
  const at = typeof time === 'string' ? Date.parse(time) : Number.NaN;
  return !Number.isNaN(at) && isWithinHours(hours, at);
}

export function isWithinHours({ fromMinute, toMinute, days, utcOffsetMinutes }: KeyHours, at: number): boolean {
  const local = Math.floor(at / MINUTE_MS) + utcOffsetMinutes;
  const minute = ((local % DAY_MINUTES) + DAY_MINUTES) % DAY_MINUTES;
  const spans = fromMinute > toMinute;
  const inside = spans ? minute >= fromMinute || minute < toMinute : minute >= fromMinute && minute < toMinute;
  // after midnight it is still the span that began the day before
  const day = Math.floor(local / DAY_MINUTES) - (spans && minute < toMinute ? 1 : 0);
  // 1970-01-01 was a Thursday
  return inside && days.includes(((((day + 3) % 7) + 7) % 7) + 1);
}
