// XML answers: text in, text out. Listings are hot, so this is string building and nothing else.
import { escapeText } from '../../shared/xml-text.ts';

const NAMESPACE = 'http://s3.amazonaws.com/doc/2006-03-01/';
export const XML_DECLARATION = '<?xml version="1.0" encoding="UTF-8"?>\n';

/** `<name>text</name>`; nothing at all when the value is null or undefined. */
export function element(name: string, value: string | number | boolean | null | undefined): string {
  if (value === null || value === undefined) return '';
  return `<${name}>${typeof value === 'string' ? escapeText(value) : String(value)}</${name}>`;
}

/** `<name>` around children that are XML already. */
export function group(name: string, ...children: readonly string[]): string {
  return `<${name}>${children.join('')}</${name}>`;
}

/** A result: the root carries S3's namespace. */
export function resultDocument(root: string, ...children: readonly string[]): string {
  return `${XML_DECLARATION}<${root} xmlns="${NAMESPACE}">${children.join('')}</${root}>`;
}

/** An error: no namespace, as S3 sends it. */
export function errorDocument(...children: readonly string[]): string {
  return `${XML_DECLARATION}<Error>${children.join('')}</Error>`;
}

const DAY_MS = 86_400_000;
const TWO_DIGITS = Array.from({ length: 60 }, (_, number) => String(number).padStart(2, '0'));
let lastDay = { number: Number.NaN, text: '' };

/** `2026-11-23T17:54:04.000Z`: whole seconds, as in the headers, so that clients may compare the two. */
export function isoTime(ms: number): string {
  const day = Math.floor(ms / DAY_MS);
  // Listings ask a thousand times, mostly about the same day.
  if (day !== lastDay.number) lastDay = { number: day, text: new Date(ms).toISOString().slice(0, -13) };
  const seconds = Math.floor((ms - day * DAY_MS) / 1000);
  const minutes = Math.floor(seconds / 60);
  return `${lastDay.text}${TWO_DIGITS[Math.floor(minutes / 60)]}:${TWO_DIGITS[minutes % 60]}:${TWO_DIGITS[seconds % 60]}.000Z`;
}

/** An ETag as XML and headers show it. */
export function quoted(etag: string): string {
  return `"${etag}"`;
}
