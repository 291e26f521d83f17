// Tags of objects and buckets. https://docs.aws.amazon.com/AmazonS3/latest/userguide/object-tagging.html
import type { Tag } from '../metadata/tables/bucket-configurations.ts';
import type { ObjectRecord } from '../metadata/tables/objects.ts';
import { S3Error } from '../shared/errors.ts';

const MAX_KEY_LENGTH = 128;
const MAX_VALUE_LENGTH = 256;
/** Letters, digits and white space of every language, and `+ - = . _ : / @` */
const ALLOWED = /^[\p{L}\p{Z}\p{N}_.:/=+\-@]*$/u;

export const tagLimits = {
  object: { most: 10, message: 'Object tags cannot be greater than 10' },
  bucket: { most: 50, message: 'Bucket tag count cannot be greater than 50' },
} as const;

/** Errors: InvalidTag, BadRequest (too many). */
export function checkTags(tags: readonly Tag[], limit: keyof typeof tagLimits): void {
  const { most, message } = tagLimits[limit];
  if (tags.length > most) throw new S3Error('BadRequest', { message });
  const keys = new Set<string>();
  for (const { key, value } of tags) {
    checkKey(key);
    checkValue(key, value);
    if (keys.has(key)) throw invalidTag('Cannot provide multiple Tags with the same key', key);
    keys.add(key);
  }
}

const invalidTag = (message: string, key: string, value?: string): S3Error =>
  new S3Error('InvalidTag', { message, fields: { TagKey: key, ...(value === undefined ? {} : { TagValue: value }) } });

function checkKey(key: string): void {
  if (key === '' || key.length > MAX_KEY_LENGTH || !ALLOWED.test(key)) {
    throw invalidTag('The TagKey you have provided is invalid', key);
  }
  if (/^aws:/i.test(key)) throw invalidTag('System tags cannot be added/updated by requester', key);
}

function checkValue(key: string, value: string): void {
  if (value.length > MAX_VALUE_LENGTH || !ALLOWED.test(value)) {
    throw invalidTag('The TagValue you have provided is invalid', key, value);
  }
}

/** To be spread into a record: nothing at all for no tags, as most objects have none. */
export const tagsOf = ({ tags }: { readonly tags?: readonly Tag[] }): Pick<ObjectRecord, 'tags'> =>
  tags === undefined || tags.length === 0 ? {} : { tags };
