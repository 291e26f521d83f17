// What S3 refuses in lifecycle rules that are well-formed.
// https://docs.aws.amazon.com/AmazonS3/latest/userguide/intro-lifecycle-rules.html
// Different from AWS on purpose: transitions may come before the 30 days that AWS demands for STANDARD_IA, and small
// objects move unless the request says otherwise; both are about AWS's prices.
import type {
  LifecycleFilter,
  LifecycleRule,
  LifecycleTime,
  NoncurrentTransition,
  Transition,
} from '../metadata/tables/lifecycle.ts';
import { S3Error } from '../shared/errors.ts';
import { DAY_MS } from './lifecycle-rules.ts';
import { coldness } from './storage-classes.ts';

export const MAX_RULES = 1000;
const MAX_ID_LENGTH = 255;
const MAX_KEPT_VERSIONS = 100;
const MAX_DAYS = 2 ** 31 - 1;

const invalidArgument = (message: string): S3Error => new S3Error('InvalidArgument', { message });
const invalidRequest = (message: string): S3Error => new S3Error('InvalidRequest', { message });

/** Errors: InvalidArgument, InvalidRequest, MalformedXML. */
export function checkLifecycle(rules: readonly LifecycleRule[], storageClasses: readonly string[]): void {
  if (rules.length === 0 || rules.length > MAX_RULES) {
    throw new S3Error('MalformedXML', { message: `A lifecycle configuration has 1 to ${MAX_RULES} rules.` });
  }
  const ids = new Set(rules.map(({ id }) => id));
  if (ids.size !== rules.length) {
    throw invalidArgument('Rule ID must be unique. Found same ID for more than one rule');
  }
  for (const rule of rules) checkRule(rule, storageClasses);
}

function checkRule(rule: LifecycleRule, storageClasses: readonly string[]): void {
  const { id, filter, expiration, noncurrentExpiration, abortUploadDays } = rule;
  if (id.length > MAX_ID_LENGTH) throw invalidArgument('ID length should not exceed allowed limit of 255');
  checkFilter(filter);
  checkFilterUse(rule);
  const hasTransition = rule.transitions.length + rule.noncurrentTransitions.length > 0;
  if (expiration === null && noncurrentExpiration === null && abortUploadDays === null && !hasTransition) {
    throw invalidRequest('At least one action needs to be specified in a rule');
  }
  if (expiration !== null && !('deleteMarker' in expiration)) checkTime('Expiration', expiration, 1);
  if (noncurrentExpiration !== null) checkNoncurrent('NoncurrentVersionExpiration', noncurrentExpiration, 1);
  if (abortUploadDays !== null) checkDays('DaysAfterInitiation', 'AbortIncompleteMultipartUpload', abortUploadDays, 1);
  for (const transition of rule.transitions) checkTime('Transition', transition, 0);
  for (const transition of rule.noncurrentTransitions) {
    checkNoncurrent('NoncurrentVersionTransition', transition, 0);
  }
  checkClasses(rule.transitions, storageClasses);
  checkClasses(rule.noncurrentTransitions, storageClasses);
  checkOrder(rule);
}

function checkFilter({ tags, sizeGreaterThan, sizeLessThan }: LifecycleFilter): void {
  if (new Set(tags.map(({ key }) => key)).size !== tags.length) {
    throw invalidRequest('Duplicate Tag Keys are not allowed.');
  }
  for (const { key, value } of tags) {
    if (key.length < 1 || key.length > 128) {
      throw new S3Error('InvalidTag', { message: 'The TagKey you have provided is invalid' });
    }
    if (value.length > 256) throw new S3Error('InvalidTag', { message: 'The TagValue you have provided is invalid' });
  }
  if (sizeGreaterThan !== null && sizeLessThan !== null && sizeLessThan <= sizeGreaterThan) {
    throw invalidRequest("'ObjectSizeLessThan' has to be a value greater than 'ObjectSizeGreaterThan'.");
  }
}

/** Delete markers and uploads have neither tags nor a size that a rule could ask for. */
function checkFilterUse({ filter, expiration, abortUploadDays }: LifecycleRule): void {
  const by =
    filter.tags.length > 0
      ? 'Tags'
      : filter.sizeGreaterThan !== null || filter.sizeLessThan !== null
        ? 'ObjectSize'
        : null;
  if (by === null) return;
  if (abortUploadDays !== null) {
    throw invalidRequest(`AbortIncompleteMultipartUpload cannot be specified with ${by}.`);
  }
  if (expiration !== null && 'deleteMarker' in expiration) {
    throw invalidRequest(`ExpiredObjectDeleteMarker cannot be specified with ${by}.`);
  }
}

function checkTime(action: string, time: LifecycleTime, least: number): void {
  if ('days' in time) checkDays('Days', action, time.days, least);
  else if (time.at % DAY_MS !== 0) throw invalidArgument("'Date' must be at midnight GMT");
}

function checkDays(field: string, action: string, days: number, least: number): void {
  if (days >= least && days <= MAX_DAYS) return;
  const what = least > 0 ? 'a positive' : 'a nonnegative';
  throw invalidArgument(`'${field}' for ${action} action must be ${what} integer`);
}

function checkNoncurrent(action: string, time: { readonly days: number; readonly keep: number | null }, least: number) {
  checkDays('NoncurrentDays', action, time.days, least);
  if (time.keep !== null && (time.keep < 1 || time.keep > MAX_KEPT_VERSIONS)) {
    throw invalidArgument(`'NewerNoncurrentVersions' for ${action} action must be between 1 and ${MAX_KEPT_VERSIONS}`);
  }
}

function checkClasses(transitions: readonly { readonly storageClass: string }[], configured: readonly string[]): void {
  const names = transitions.map(({ storageClass }) => storageClass);
  if (new Set(names).size !== names.length) {
    throw invalidRequest("'StorageClass' must be different for 'Transition' actions in same 'Rule'");
  }
  const unknown = names.find((name) => name === 'STANDARD' || !configured.includes(name));
  if (unknown === undefined) return;
  const known = configured.filter((name) => name !== 'STANDARD').join(', ');
  throw new S3Error('MalformedXML', { message: `Objects can be moved to ${known}, but not to ${unknown}.` });
}

function checkOrder({ expiration, noncurrentExpiration, transitions, noncurrentTransitions }: LifecycleRule): void {
  const end = expiration === null || 'deleteMarker' in expiration ? null : expiration;
  const times: readonly LifecycleTime[] = end === null ? transitions : [...transitions, end];
  if (times.some((time) => 'at' in time) && times.some((time) => 'days' in time)) {
    throw invalidRequest("Found mixed 'Date' and 'Days' based Expiration and Transition actions in lifecycle rule");
  }
  const field = transitions.some((time) => 'at' in time) ? 'Date' : 'Days';
  checkColder(transitions, field, amountOf);
  checkEnd(transitions.map(amountOf), end === null ? null : amountOf(end), field, 'Expiration', 'Transition');
  checkColder(noncurrentTransitions, 'NoncurrentDays', ({ days }) => days);
  const days = noncurrentTransitions.map((transition) => transition.days);
  const last = noncurrentExpiration?.days ?? null;
  checkEnd(days, last, 'NoncurrentDays', 'NoncurrentVersionExpiration', 'NoncurrentVersionTransition');
}

const amountOf = (time: LifecycleTime): number => ('at' in time ? time.at : time.days);

function checkColder<T extends Transition | NoncurrentTransition>(
  transitions: readonly T[],
  field: string,
  amount: (transition: T) => number,
): void {
  const ordered = transitions.toSorted((a, b) => coldness(a.storageClass) - coldness(b.storageClass));
  for (const [index, colder] of ordered.entries()) {
    const warmer = ordered[index - 1];
    if (warmer === undefined || coldness(warmer.storageClass) === coldness(colder.storageClass)) continue;
    if (amount(colder) > amount(warmer)) continue;
    throw invalidArgument(
      `'${field}' in the Transition action for StorageClass '${colder.storageClass}' must be greater than '${field}' for StorageClass '${warmer.storageClass}'`,
    );
  }
}

function checkEnd(starts: readonly number[], end: number | null, field: string, last: string, first: string): void {
  if (end === null || starts.every((start) => start < end)) return;
  throw invalidArgument(`'${field}' in the ${last} action must be greater than '${field}' in the ${first} action`);
}
