// Parameters that many calls have, with AWS's limits and, in errors, its words.
import { z } from 'zod';

const pattern = (expression: RegExp): string =>
  `Member must satisfy regular expression pattern: ${expression.source.replace(/^\^|\$$/g, '')}`;

export function text(minLength: number, maxLength: number, expression?: RegExp): z.ZodString {
  const bounded = z
    .string()
    .min(minLength, `Member must have length greater than or equal to ${minLength}`)
    .max(maxLength, `Member must have length less than or equal to ${maxLength}`);
  return expression === undefined ? bounded : bounded.regex(expression, pattern(expression));
}

const NAME = /^[\w+=,.@-]+$/;
const PATH = /^(\/)$|^(\/[\u0021-\u007E]+\/)$/;

/** Of a user or role. */
export const shortName = text(1, 64, NAME);
/** Of a group, policy or key. */
export const longName = text(1, 128, NAME);
export const path = text(1, 512, PATH);
export const pathPrefix = text(1, 512, /^\u002F[\u0021-\u007F]*$/);
export const arn = text(20, 2048);
export const document = text(1, 131_072);
export const accessKeyId = text(3, 128, /^[\w.-]+$/);
export const sessionName = text(2, 64, NAME);

export function wholeNumber(min: number, max: number): z.ZodType<number> {
  return z
    .string()
    .regex(/^-?\d{1,15}$/, 'Member must be a whole number')
    .transform(Number)
    .refine((value) => value >= min, `Member must have value greater than or equal to ${min}`)
    .refine((value) => value <= max, `Member must have value less than or equal to ${max}`);
}

export const flag: z.ZodType<boolean> = z.enum(['true', 'false']).transform((value) => value === 'true');

/** A list that is sent empty arrives as an empty text. */
export function list<T>(member: z.ZodType<T>, maxLength: number): z.ZodType<readonly T[]> {
  const bounded = z.array(member).max(maxLength, `Member must have length less than or equal to ${maxLength}`);
  return z.preprocess((value) => (value === '' ? [] : value), bounded);
}

/** Room for what the domain then counts by itself. */
const MAX_TAGS_SENT = 200;
export const tags = list(z.strictObject({ Key: text(1, 128), Value: text(0, 256) }), MAX_TAGS_SENT);
export const tagKeys = list(text(1, 128), MAX_TAGS_SENT);

/** In the shape the domain has. */
export const toTags = (
  given: readonly { readonly Key: string; readonly Value: string }[] | undefined,
): { readonly key: string; readonly value: string }[] =>
  (given ?? []).map(({ Key, Value }) => ({ key: Key, value: Value }));

export const fromTags = (
  given: readonly { readonly key: string; readonly value: string }[] | undefined,
): { readonly Key: string; readonly Value: string }[] =>
  (given ?? []).map(({ key, value }) => ({ Key: key, Value: value }));

export const paging = {
  Marker: text(1, 8192).optional(),
  MaxItems: wholeNumber(1, 1000).optional(),
};
