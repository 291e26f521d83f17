// The options of `s3-key create` and `s3-key restrict` that narrow a key.
import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import type { Command } from 'commander';
import { type RestrictionInput, keyVerbs, weekDays } from '../../identity/parse-restriction.ts';
import type { KeyVerb } from '../../metadata/tables/identities.ts';
import { MalformedPolicyError } from '../../policy/malformed-policy.ts';
import { type CliContext, CliError } from '../context.ts';
import { type Options, textOption } from './identity-context.ts';

const collect = (value: string, before: readonly string[] | undefined): string[] => [...(before ?? []), value];

export function addRestrictionOptions(command: Command): void {
  command
    .option('--bucket <NAME>', 'only this bucket; repeatable', collect)
    .option('--prefix <P>', 'only objects whose names begin so, with --bucket')
    .option('--allow <VERBS>', `only some of ${keyVerbs.join(',')}`)
    .option('--network <CIDR>', 'only from these addresses; repeatable', collect)
    .option('--hours <FROM-TO>', 'only at these times of day, such as 08:00-18:00 or mon,fri/08:00-18:00+07:00')
    .option('--restrict <FILE>', 'JSON: a restriction as in the API, or a policy document');
}

/** null: none of the options was given. */
export function restrictionFrom(options: Options, context: CliContext): RestrictionInput | null {
  const form: RestrictionInput = {
    ...fromFile(textOption(options, 'restrict'), context),
    ...given('buckets', listOption(options, 'bucket')),
    ...given('prefix', textOption(options, 'prefix')),
    ...given('allow', parseVerbs(textOption(options, 'allow'))),
    ...given('networks', listOption(options, 'network')),
    ...given('hours', parseHours(textOption(options, 'hours'))),
  };
  return Object.keys(form).length === 0 ? null : form;
}

const given = <Name extends string, Value>(name: Name, value: Value | undefined): { [K in Name]?: Value } =>
  value === undefined ? {} : ({ [name]: value } as { [K in Name]?: Value });

function listOption(options: Options, name: string): readonly string[] | undefined {
  const value = options[name];
  return Array.isArray(value) ? value.map(String) : undefined;
}

function parseVerbs(text: string | undefined): KeyVerb[] | undefined {
  if (text === undefined) return undefined;
  const named = text.split(',').map((verb) => verb.trim());
  const known = keyVerbs.filter((verb) => named.includes(verb));
  if (known.length === new Set(named).size) return known;
  throw new CliError(`--allow "${text}": write some of ${keyVerbs.join(',')}`, { usage: true });
}

function parseHours(text: string | undefined): RestrictionInput['hours'] {
  if (text === undefined) return undefined;
  const [, named, from, to, utcOffset] =
    /^(?:([a-z,]+)\/)?(\d{2}:\d{2})-(\d{2}:\d{2})([+-]\d{2}:\d{2}|Z)?$/.exec(text) ?? [];
  const days = named?.split(',');
  const known = weekDays.filter((day) => days?.includes(day));
  if (from !== undefined && to !== undefined && (days === undefined || known.length === days.length)) {
    return { from, to, utcOffset, ...(days === undefined ? {} : { days: known }) };
  }
  throw new CliError(`--hours "${text}": write 08:00-18:00, or mon,fri/08:00-18:00+07:00`, { usage: true });
}

const isText = (value: unknown): boolean => typeof value === 'string';
const isTexts = (value: unknown): boolean => Array.isArray(value) && value.every(isText);
const isObject = (value: unknown): boolean => typeof value === 'object' && !Array.isArray(value);
const isHours = (value: unknown): boolean => {
  const { from, to, days, utcOffset } = Object(value);
  return isText(from) && isText(to) && isText(utcOffset ?? '') && isTexts(days ?? []);
};

/** Parts of a restriction in a file: whether the type is right, and how it is called. */
const parts = new Map<string, readonly [(value: unknown) => boolean, string]>([
  ['buckets', [isTexts, 'a list of names']],
  ['prefix', [isText, 'a text']],
  ['allow', [isTexts, `a list of some of ${keyVerbs.join(', ')}`]],
  ['networks', [isTexts, 'a list of addresses']],
  ['hours', [isHours, 'such as {"from":"08:00","to":"18:00","days":["mon"],"utcOffset":"+07:00"}']],
  ['policy', [(value) => isText(value) || isObject(value), 'a policy document']],
]);

function fromFile(file: string | undefined, context: CliContext): RestrictionInput {
  if (file === undefined) return {};
  const text = readFileSync(resolve(context.cwd, file), 'utf8');
  const parsed = parseJson(text, file);
  if ('Statement' in parsed || 'statements' in parsed) return { policy: text };
  for (const [name, value] of Object.entries(parsed)) {
    const part = parts.get(name);
    if (part === undefined) {
      const message = `${file}: ${name} is no part of a restriction; write ${[...parts.keys()].join(', ')}`;
      throw new CliError(message, { usage: true });
    }
    const [isRight, what] = part;
    if (value !== null && !isRight(value)) throw new CliError(`${file}: ${name} is ${what}`, { usage: true });
  }
  return parsed;
}

function parseJson(text: string, file: string): object {
  try {
    const parsed: unknown = JSON.parse(text);
    if (typeof parsed === 'object' && parsed !== null && !Array.isArray(parsed)) return parsed;
  } catch (cause) {
    throw new CliError(`${file} is not JSON: ${cause instanceof Error ? cause.message : ''}`, { usage: true, cause });
  }
  throw new CliError(`${file}: a restriction is a JSON object`, { usage: true });
}

/** A restriction comes from a file or from options: say so when it cannot be used. */
export async function withRestriction<T>(run: () => Promise<T>): Promise<T> {
  try {
    return await run();
  } catch (error) {
    if (error instanceof MalformedPolicyError) {
      const message = `the policy of the restriction, line ${error.line}, column ${error.column}: ${error.message}`;
      throw new CliError(message, { cause: error });
    }
    throw error;
  }
}
