// A restriction as people write it: the fields of the form, a policy document, or both.
import type { KeyHours, KeyRestriction, KeyVerb } from '../metadata/tables/identities.ts';
import { parseIpRange } from '../policy/ip-range.ts';
import { MalformedPolicyError } from '../policy/malformed-policy.ts';
import { parsePolicy } from '../policy/parse.ts';
import { ProblemError } from '../shared/errors.ts';

export const keyVerbs = ['read', 'write', 'list', 'delete'] as const satisfies readonly KeyVerb[];
export const weekDays = ['mon', 'tue', 'wed', 'thu', 'fri', 'sat', 'sun'] as const;
export type WeekDay = (typeof weekDays)[number];

export type HoursInput = {
  /** `08:00` */
  readonly from: string;
  readonly to: string;
  /** without: every day */
  readonly days?: readonly WeekDay[] | undefined;
  /** `+07:00`; without: UTC */
  readonly utcOffset?: string | undefined;
};

/** What is absent, null or empty does not limit. */
export type RestrictionInput = {
  readonly buckets?: readonly string[] | null | undefined;
  readonly prefix?: string | null | undefined;
  readonly allow?: readonly KeyVerb[] | null | undefined;
  readonly networks?: readonly string[] | null | undefined;
  readonly hours?: HoursInput | null | undefined;
  /** JSON text, or the document itself */
  readonly policy?: string | object | null | undefined;
};

const MAX_ENTRIES = 100;
const MAX_PREFIX_BYTES = 1024;

/** null: nothing is limited. Throws ProblemError, and MalformedPolicyError for a policy that cannot be used. */
export function parseRestriction(input: RestrictionInput | null): KeyRestriction | null {
  if (input === null) return null;
  const restriction: KeyRestriction = {
    buckets: listOf(input.buckets, 'buckets', parseBucket),
    prefix: parsePrefix(input.prefix ?? ''),
    allow: parseAllow(input.allow),
    networks: listOf(input.networks, 'networks', parseNetwork),
    hours: input.hours === null || input.hours === undefined ? null : parseHours(input.hours),
    policy: parsePolicyText(input.policy ?? null),
  };
  // in any bucket it would also match the middle of other names
  if (restriction.prefix !== null && restriction.buckets === null) {
    throw invalid('prefix', 'Name the buckets that the prefix is in.');
  }
  return Object.values(restriction).every((part) => part === null) ? null : restriction;
}

const invalid = (part: string, message: string): ProblemError =>
  new ProblemError(400, 'invalid-restriction', message, { field: `restriction.${part}` });

function listOf(
  values: readonly string[] | null | undefined,
  part: string,
  parse: (text: string) => string,
): readonly string[] | null {
  if (values === null || values === undefined || values.length === 0) return null;
  if (values.length > MAX_ENTRIES) throw invalid(part, `A restriction names at most ${MAX_ENTRIES} ${part}.`);
  return [...new Set(values.map(parse))];
}

function parseBucket(name: string): string {
  if (/^[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]$/.test(name)) return name;
  throw invalid('buckets', `${JSON.stringify(name)} is not the name of a bucket.`);
}

function parsePrefix(prefix: string): string | null {
  if (prefix === '') return null;
  if (Buffer.byteLength(prefix) <= MAX_PREFIX_BYTES && !/\p{Cc}/u.test(prefix)) return prefix;
  throw invalid('prefix', `A prefix has at most ${MAX_PREFIX_BYTES} bytes and no control characters.`);
}

function parseAllow(verbs: readonly KeyVerb[] | null | undefined): readonly KeyVerb[] | null {
  if (verbs === null || verbs === undefined) return null;
  const known = keyVerbs.filter((verb) => verbs.includes(verb));
  if (known.length > 0 && known.length === new Set(verbs).size) return known;
  throw invalid('allow', 'Allow at least one of read, write, list and delete, and nothing else; leave it out for all.');
}

function parseNetwork(text: string): string {
  if (parseIpRange(text.trim()) !== null) return text.trim();
  const message = `${JSON.stringify(text)} is not an IP address or range such as 192.0.2.0/24.`;
  throw invalid('networks', message);
}

function parseHours({ from, to, days = weekDays, utcOffset = '+00:00' }: HoursInput): KeyHours {
  const [fromMinute, toMinute] = [minuteOf(from), minuteOf(to)];
  const utcOffsetMinutes = offsetOf(utcOffset);
  if (fromMinute === null || toMinute === null || fromMinute === 1440 || fromMinute === toMinute) {
    throw invalid('hours', 'Hours are two different times of day such as 08:00 and 18:00.');
  }
  if (utcOffsetMinutes === null) throw invalid('hours', 'The offset from UTC is written such as +07:00.');
  const numbers = weekDays.flatMap((day, index) => (days.includes(day) ? [index + 1] : []));
  if (numbers.length === 0 || numbers.length !== new Set(days).size) {
    throw invalid('hours', `The days are some of ${weekDays.join(', ')}.`);
  }
  return { fromMinute, toMinute, days: numbers, utcOffsetMinutes };
}

/** `24:00` is the end of the day. */
function minuteOf(text: string): number | null {
  const [, hour, minute] = /^(\d{2}):([0-5]\d)$/.exec(text) ?? [];
  const total = Number(hour) * 60 + Number(minute);
  return hour !== undefined && total <= 1440 ? total : null;
}

function offsetOf(text: string): number | null {
  if (text === 'Z') return 0;
  const [, sign, hour, minute] = /^([+-])(\d{2}):([0-5]\d)$/.exec(text) ?? [];
  const total = Number(hour) * 60 + Number(minute);
  if (hour === undefined || total > 14 * 60) return null;
  return sign === '-' ? -total : total;
}

function parsePolicyText(policy: string | object | null): string | null {
  if (policy === null || policy === '') return null;
  const text = typeof policy === 'string' ? policy : JSON.stringify(policy, null, 2);
  const { statements } = parsePolicy(text, 'restriction');
  if (statements.length > 0) return text;
  throw new MalformedPolicyError('Statement: must not be empty', { line: 1, column: 1, path: 'Statement' });
}

const clockTime = (minutes: number): string =>
  `${String(Math.floor(minutes / 60)).padStart(2, '0')}:${String(minutes % 60).padStart(2, '0')}`;

/** The hours as they are written. */
export function showHours({ fromMinute, toMinute, days, utcOffsetMinutes }: KeyHours): Required<HoursInput> & {
  days: WeekDay[];
  utcOffset: string;
} {
  const sign = utcOffsetMinutes < 0 ? '-' : '+';
  return {
    from: clockTime(fromMinute),
    to: clockTime(toMinute),
    days: weekDays.filter((_, index) => days.includes(index + 1)),
    utcOffset: `${sign}${clockTime(Math.abs(utcOffsetMinutes))}`,
  };
}
