// What the form "Limit this key" holds, and the restriction it stands for.
import type { KeyRestriction, KeyRestrictionView, KeyVerb } from '../../src/console-api/contract.ts';

export const keyVerbs = ['list', 'read', 'write', 'delete'] as const satisfies readonly KeyVerb[];
export const weekDays = ['mon', 'tue', 'wed', 'thu', 'fri', 'sat', 'sun'] as const;
export type WeekDay = (typeof weekDays)[number];

/** Empty texts and lists, all verbs and all days: no limit of this kind. */
export type KeyLimit = {
  readonly buckets: readonly string[];
  readonly prefix: string;
  readonly allow: readonly KeyVerb[];
  readonly networks: readonly string[];
  /** `08:00` */
  readonly from: string;
  readonly to: string;
  readonly days: readonly WeekDay[];
  /** `+07:00` */
  readonly utcOffset: string;
  readonly policy: string;
};

/** `minutesWest` is Date's getTimezoneOffset(). */
export function offsetOf(minutesWest: number): string {
  const pad = (value: number): string => String(value).padStart(2, '0');
  const minutes = Math.abs(minutesWest);
  return `${minutesWest > 0 ? '-' : '+'}${pad(Math.floor(minutes / 60))}:${pad(minutes % 60)}`;
}

export function limitOf(view: KeyRestrictionView | null, minutesWest: number): KeyLimit {
  const { buckets, prefix, allow, networks, hours, policy } = view ?? {};
  return {
    buckets: buckets ?? [],
    prefix: prefix ?? '',
    allow: allow ?? keyVerbs,
    networks: networks ?? [],
    from: hours?.from ?? '',
    to: hours?.to ?? '',
    days: hours?.days ?? weekDays,
    utcOffset: hours?.utcOffset ?? offsetOf(minutesWest),
    policy: policy ?? '',
  };
}

/** null: not limited at all. */
export function restrictionOf(limit: KeyLimit): KeyRestriction | null {
  const { buckets, prefix, allow, networks, from, to, days, utcOffset, policy } = limit;
  const restriction: KeyRestriction = {
    ...(buckets.length === 0 ? {} : { buckets: [...buckets] }),
    ...(prefix === '' ? {} : { prefix }),
    ...(allow.length === keyVerbs.length ? {} : { allow: [...allow] }),
    ...(networks.length === 0 ? {} : { networks: [...networks] }),
    ...(from === '' && to === '' ? {} : { hours: { from, to, days: [...days], utcOffset } }),
    ...(policy.trim() === '' ? {} : { policy }),
  };
  return Object.keys(restriction).length === 0 ? null : restriction;
}
