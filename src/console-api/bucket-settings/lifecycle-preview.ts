// What lifecycle rules do, rule by rule and day by day, for the people who read them before they are saved.
import type { LifecycleConfiguration, LifecycleRule, LifecycleTime } from '../../metadata/tables/lifecycle.ts';
import type { BucketRecord } from '../../metadata/tables/objects.ts';
import type { LifecycleDay, LifecyclePreview } from '../contract/bucket-lifecycle.ts';
import { isoTime } from '../views/times.ts';

type Rule = LifecyclePreview['rules'][number];
type Dated = LifecycleTime & { readonly at: number };

const isDated = (time: LifecycleTime | NonNullable<LifecycleRule['expiration']>): time is Dated => 'at' in time;
const byDay = (days: readonly LifecycleDay[]): LifecycleDay[] => days.toSorted((a, b) => a.day - b.day);

const moves = (
  transitions: readonly { readonly days: number; readonly storageClass: string; readonly keep?: number | null }[],
): LifecycleDay[] =>
  transitions.map(({ days, storageClass, keep = null }) => ({ day: days, what: 'move', storageClass, keep }));

function currentDays({ transitions, expiration }: LifecycleRule, keepsVersions: boolean): LifecycleDay[] {
  const moved = moves(transitions.flatMap((one) => (isDated(one) ? [] : [one])));
  if (expiration === null || isDated(expiration)) return byDay(moved);
  if ('deleteMarker' in expiration) {
    const markers = { day: 0, what: 'marker', storageClass: null, keep: null } as const;
    return byDay(expiration.deleteMarker ? [...moved, markers] : moved);
  }
  const what = keepsVersions ? 'expire' : 'delete';
  return byDay([...moved, { day: expiration.days, what, storageClass: null, keep: null }]);
}

function noncurrentDays({ noncurrentTransitions, noncurrentExpiration: end }: LifecycleRule): LifecycleDay[] {
  const ends: LifecycleDay[] =
    end === null ? [] : [{ day: end.days, what: 'delete', storageClass: null, keep: end.keep }];
  return byDay([...moves(noncurrentTransitions), ...ends]);
}

function datesOf({ transitions, expiration }: LifecycleRule): Rule['dates'] {
  const moved = transitions
    .filter((one) => 'at' in one)
    .map(({ at, storageClass }) => ({ at: isoTime(at), what: 'move' as const, storageClass }));
  const end = expiration !== null && 'at' in expiration ? [expiration.at] : [];
  return [...moved, ...end.map((at) => ({ at: isoTime(at), what: 'expire' as const, storageClass: null }))];
}

export function previewLifecycle(
  configuration: LifecycleConfiguration | null,
  { versioning }: Pick<BucketRecord, 'versioning'>,
): LifecyclePreview {
  const rules = (configuration?.rules ?? []).map((rule): Rule => {
    const { id, enabled, abortUploadDays: day } = rule;
    const uploads: LifecycleDay[] = day === null ? [] : [{ day, what: 'abort', storageClass: null, keep: null }];
    const current = currentDays(rule, versioning !== 'off');
    return { id, enabled, current, noncurrent: noncurrentDays(rule), uploads, dates: datesOf(rule) };
  });
  return { rules };
}
