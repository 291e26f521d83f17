// Tags as XML and as the header of a write. https://docs.aws.amazon.com/AmazonS3/latest/API/API_Tagging.html
import type { Tag } from '../metadata/tables/bucket-configurations.ts';
import { checkTags, type tagLimits } from '../storage/tags.ts';
import type { S3Request } from './operation.ts';
import { findHeader, invalidArgument } from './parameters.ts';
import { childrenNamed, findChild, malformed, readXml, requiredText, type XmlElement } from './xml/read.ts';
import { element, group, resultDocument } from './xml/write.ts';

export const TAGGING_HEADER = 'x-amz-tagging';
/** 50 tags of 384 characters, every byte of them written as a reference */
export const MAX_TAGGING_BYTES = 512 * 1024;

/** Errors: MalformedXML, InvalidTag, BadRequest (too many). */
export function parseTagging(bytes: Uint8Array, limit: keyof typeof tagLimits): Tag[] {
  const set = findChild(readXml(bytes, 'Tagging'), 'TagSet');
  if (set === undefined) throw malformed();
  return parseTagSet(set, limit);
}

/** The `<Tag>`s of an element. Errors: MalformedXML, InvalidTag, BadRequest (too many). */
export function parseTagSet(set: XmlElement, limit: keyof typeof tagLimits): Tag[] {
  const tags = childrenNamed(set, 'Tag').map((tag) => ({
    key: requiredText(tag, 'Key'),
    value: requiredText(tag, 'Value'),
  }));
  checkTags(tags, limit);
  return tags;
}

/** In order of their keys, as S3 shows them. */
export function taggingXml(tags: readonly Tag[]): string {
  const sorted = tags.toSorted((a, b) => (a.key < b.key ? -1 : 1));
  const set = sorted.map(({ key, value }) => group('Tag', element('Key', key), element('Value', value)));
  return resultDocument('Tagging', group('TagSet', ...set));
}

/** `key=value&…`, URL-encoded; undefined: the header is absent or empty. */
export function parseTaggingHeader(request: S3Request): Tag[] | undefined {
  const header = findHeader(request, TAGGING_HEADER) ?? '';
  if (header === '') return undefined;
  const pairs = header.split('&').filter((pair) => pair !== '');
  const tags = pairs.map((pair) => decodePair(header, pair));
  if (new Set(tags.map(({ key }) => key)).size < tags.length) throw badHeader(header);
  checkTags(tags, 'object');
  return tags;
}

function decodePair(header: string, pair: string): Tag {
  const [key = '', value = '', more] = pair.split('=');
  if (key === '' || more !== undefined) throw badHeader(header);
  try {
    return { key: decodeText(key), value: decodeText(value) };
  } catch {
    throw badHeader(header);
  }
}

const decodeText = (text: string): string => decodeURIComponent(text.replaceAll('+', ' '));

const badHeader = (header: string) =>
  invalidArgument(
    TAGGING_HEADER,
    header,
    "The header 'x-amz-tagging' shall be encoded as UTF-8 then URLEncoded URL query parameters without tag name duplicates.",
  );
