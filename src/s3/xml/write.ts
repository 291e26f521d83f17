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

/** `2026-11-23T17:54:04.000Z`: whole seconds, as in the headers, so that clients may compare the two. */
export function isoTime(ms: number): string {
  return new Date(Math.floor(ms / 1000) * 1000).toISOString();
}

/** An ETag as XML and headers show it. */
export function quoted(etag: string): string {
  return `"${etag}"`;
}
