// What lifecycle rules say about one version of an object. Pure: the clock, the length of a day and what is known of the
// versions around it are arguments.
// https://docs.aws.amazon.com/AmazonS3/latest/userguide/intro-lifecycle-rules.html
import type { Tag } from '../metadata/tables/bucket-configurations.ts';
import type {
  LifecycleConfiguration,
  LifecycleFilter,
  LifecycleRule,
  LifecycleTime,
  MinimumTransitionSize,
} from '../metadata/tables/lifecycle.ts';
import { coldness } from './storage-classes.ts';

export const DAY_MS = 24 * 60 * 60 * 1000;
const MINIMUM_BYTES = 128 * 1024;

/** When rules are asked, and how long their day is. */
export type LifecycleTiming = { readonly now: number; readonly dayMs: number };

export type ObjectFacts = {
  readonly key: string;
  readonly sizeBytes: number;
  readonly tags: readonly Tag[];
  readonly storageClass: string;
  readonly lastModified: number;
};

export type NoncurrentFacts = ObjectFacts & {
  /** when the version after it was made */
  readonly noncurrentSince: number;
  /** noncurrent versions of the key that are newer */
  readonly newer: number;
};

export type Action =
  | { readonly kind: 'expire'; readonly ruleId: string }
  | { readonly kind: 'transition'; readonly ruleId: string; readonly storageClass: string };

/** Rounded up to midnight: a rule never acts earlier than it says. */
export function dueAt(from: number, days: number, dayMs: number): number {
  return Math.ceil((from + days * dayMs) / dayMs) * dayMs;
}

const timeOf = (time: LifecycleTime, from: number, dayMs: number): number =>
  'at' in time ? time.at : dueAt(from, time.days, dayMs);

const asksOnlyPrefix = ({ tags, sizeGreaterThan, sizeLessThan }: LifecycleFilter): boolean =>
  tags.length === 0 && sizeGreaterThan === null && sizeLessThan === null;

export function matches(filter: LifecycleFilter, object: Pick<ObjectFacts, 'key' | 'sizeBytes' | 'tags'>): boolean {
  const { prefix, tags, sizeGreaterThan, sizeLessThan } = filter;
  return (
    object.key.startsWith(prefix ?? '') &&
    (sizeGreaterThan === null || object.sizeBytes > sizeGreaterThan) &&
    (sizeLessThan === null || object.sizeBytes < sizeLessThan) &&
    tags.every(({ key, value }) => object.tags.some((tag) => tag.key === key && tag.value === value))
  );
}

const matching = ({ rules }: LifecycleConfiguration, object: ObjectFacts): readonly LifecycleRule[] =>
  rules.filter((rule) => rule.enabled && matches(rule.filter, object));

/** When the rules let the current version expire, and the rule that does; null: never. The earliest wins. */
export function expirationOf(
  configuration: LifecycleConfiguration,
  object: ObjectFacts,
  dayMs: number,
): { readonly at: number; readonly ruleId: string } | null {
  const found = matching(configuration, object).flatMap(({ id, expiration }) =>
    expiration === null || 'deleteMarker' in expiration
      ? []
      : [{ at: timeOf(expiration, object.lastModified, dayMs), ruleId: id }],
  );
  return found.toSorted((a, b) => a.at - b.at)[0] ?? null;
}

/** Expiry wins over transition. */
export function currentAction(
  configuration: LifecycleConfiguration,
  object: ObjectFacts,
  { now, dayMs }: LifecycleTiming,
): Action | null {
  const expiration = expirationOf(configuration, object, dayMs);
  if (expiration !== null && expiration.at <= now) return { kind: 'expire', ruleId: expiration.ruleId };
  const planned = matching(configuration, object).flatMap((rule) =>
    rule.transitions.map(({ storageClass, ...time }) => ({
      rule,
      storageClass,
      at: timeOf(time, object.lastModified, dayMs),
    })),
  );
  return chooseTransition(configuration.minimumSize, object, planned, now);
}

export function noncurrentAction(
  configuration: LifecycleConfiguration,
  version: NoncurrentFacts,
  { now, dayMs }: LifecycleTiming,
): Action | null {
  const { noncurrentSince, newer } = version;
  const rules = matching(configuration, version);
  const expires = rules.find(
    ({ noncurrentExpiration: time }) =>
      time !== null && newer >= (time.keep ?? 0) && dueAt(noncurrentSince, time.days, dayMs) <= now,
  );
  if (expires !== undefined) return { kind: 'expire', ruleId: expires.id };
  const planned = rules.flatMap((rule) =>
    rule.noncurrentTransitions
      .filter(({ keep }) => newer >= (keep ?? 0))
      .map(({ storageClass, days }) => ({ rule, storageClass, at: dueAt(noncurrentSince, days, dayMs) })),
  );
  return chooseTransition(configuration.minimumSize, version, planned, now);
}

/** Delete markers have neither tags nor a size: only rules without such filters mean them. */
export function noncurrentMarkerExpires(
  configuration: LifecycleConfiguration,
  marker: { readonly key: string; readonly noncurrentSince: number; readonly newer: number },
  { now, dayMs }: LifecycleTiming,
): boolean {
  return markerRules(configuration, marker.key).some(
    ({ noncurrentExpiration: time }) =>
      time !== null && marker.newer >= (time.keep ?? 0) && dueAt(marker.noncurrentSince, time.days, dayMs) <= now,
  );
}

/** A delete marker with nothing behind it. An age for expiry counts for it too. */
export function lonelyMarkerExpires(
  configuration: LifecycleConfiguration,
  marker: { readonly key: string; readonly lastModified: number },
  { now, dayMs }: LifecycleTiming,
): boolean {
  return markerRules(configuration, marker.key).some(({ expiration }) => {
    if (expiration === null) return false;
    if ('deleteMarker' in expiration) return expiration.deleteMarker;
    return timeOf(expiration, marker.lastModified, dayMs) <= now;
  });
}

const markerRules = ({ rules }: LifecycleConfiguration, key: string): readonly LifecycleRule[] =>
  rules.filter(
    (rule) => rule.enabled && asksOnlyPrefix(rule.filter) && matches(rule.filter, { key, sizeBytes: 0, tags: [] }),
  );

/** When the rules abort an upload, and the rule that does; null: never. */
export function abortOf(
  configuration: LifecycleConfiguration,
  upload: { readonly key: string; readonly initiatedAt: number },
  dayMs: number,
): { readonly at: number; readonly ruleId: string } | null {
  const found = markerRules(configuration, upload.key).flatMap(({ id, abortUploadDays }) =>
    abortUploadDays === null ? [] : [{ at: dueAt(upload.initiatedAt, abortUploadDays, dayMs), ruleId: id }],
  );
  return found.toSorted((a, b) => a.at - b.at)[0] ?? null;
}

type Planned = { readonly rule: LifecycleRule; readonly storageClass: string; readonly at: number };

/** Of what is due, the latest; at the same time, the coldest. Nothing ever moves to a warmer class. */
function chooseTransition(
  minimumSize: MinimumTransitionSize,
  object: ObjectFacts,
  planned: readonly Planned[],
  now: number,
): Action | null {
  const due = planned
    .filter(({ at }) => at <= now)
    .filter((plan) => isLargeEnough(minimumSize, object, plan))
    .toSorted((a, b) => b.at - a.at || coldness(b.storageClass) - coldness(a.storageClass));
  const [plan] = due;
  if (plan === undefined || plan.storageClass === object.storageClass) return null;
  if (coldness(plan.storageClass) < coldness(object.storageClass)) return null;
  return { kind: 'transition', ruleId: plan.rule.id, storageClass: plan.storageClass };
}

/** A filter that names a size says itself what is too small. */
function isLargeEnough(
  minimumSize: MinimumTransitionSize,
  { sizeBytes }: ObjectFacts,
  { rule, storageClass }: Planned,
): boolean {
  const { sizeGreaterThan, sizeLessThan } = rule.filter;
  if (minimumSize === null || sizeGreaterThan !== null || sizeLessThan !== null) return true;
  if (minimumSize === 'varies_by_storage_class' && coldness(storageClass) > 1) return true;
  return sizeBytes >= MINIMUM_BYTES;
}
