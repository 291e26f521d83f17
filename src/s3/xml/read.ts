// XML requests: strict, bounded, without document types and without entities other than XML's own five. Accepted
// with or without S3's namespace. Everything wrong is MalformedXML.
import { XMLParser, XMLValidator } from 'fast-xml-parser';
import { S3Error } from '../../shared/errors.ts';

/** An element: its own text and its child elements, in order. */
export type XmlElement = {
  readonly name: string;
  readonly text: string;
  readonly children: readonly XmlElement[];
};

/** Deeper than any request of S3. */
const MAX_DEPTH = 12;

const CDATA = '#cdata';
const REFERENCE = /&(?:#x([0-9a-fA-F]{1,6})|#([0-9]{1,7})|(amp|lt|gt|quot|apos));|&/g;
const NAMED: Readonly<Record<string, string>> = { amp: '&', lt: '<', gt: '>', quot: '"', apos: "'" };

const parser = new XMLParser({
  preserveOrder: true,
  ignoreAttributes: true,
  removeNSPrefix: true,
  processEntities: false,
  parseTagValue: false,
  trimValues: false,
  ignoreDeclaration: true,
  ignorePiTags: true,
  cdataPropName: CDATA,
  maxNestedTags: MAX_DEPTH,
});

export function malformed(message?: string): S3Error {
  return new S3Error('MalformedXML', message === undefined ? {} : { message });
}

function decodeReference(whole: string, hex?: string, decimal?: string, name?: string): string {
  if (name !== undefined) return NAMED[name] ?? whole;
  const code = hex !== undefined ? Number.parseInt(hex, 16) : Number.parseInt(decimal ?? '', 10);
  if (!(code >= 0 && code <= 0x10ffff) || (code >= 0xd800 && code <= 0xdfff)) throw malformed();
  return String.fromCodePoint(code);
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null;
}

/** fast-xml-parser's ordered form: `[{ Name: [children] }, { '#text': 'text' }]`. */
function toElement(name: string, nodes: unknown): XmlElement {
  let text = '';
  const children: XmlElement[] = [];
  for (const node of Array.isArray(nodes) ? nodes : []) {
    if (!isRecord(node)) throw malformed();
    for (const [tag, content] of Object.entries(node)) {
      if (tag === ':@') continue;
      if (tag === '#text') text += String(content).replace(REFERENCE, decodeReference);
      else if (tag === CDATA) text += toPlainText(content);
      else children.push(toElement(tag, content));
    }
  }
  return { name, text, children };
}

function toPlainText(nodes: unknown): string {
  const [first]: unknown[] = Array.isArray(nodes) ? nodes : [];
  const text = isRecord(first) ? first['#text'] : undefined;
  return typeof text === 'string' ? text : '';
}

/** The root element, which must have one of the given names. */
export function readXml(bytes: Uint8Array, ...rootNames: readonly string[]): XmlElement {
  const root = parse(decodeUtf8(bytes));
  if (!rootNames.includes(root.name)) throw malformed();
  return root;
}

function decodeUtf8(bytes: Uint8Array): string {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch {
    throw malformed('The XML that you provided is not UTF-8.');
  }
}

function parse(text: string): XmlElement {
  if (text.includes('<!DOCTYPE') || text.includes('<!ENTITY')) throw malformed('Document types are not accepted.');
  // The parser itself forgives unclosed tags; the validator does not.
  if (XMLValidator.validate(text) !== true) throw malformed();
  try {
    const [root, ...rest] = toElement('', parser.parse(text)).children;
    if (root === undefined || rest.length > 0) throw malformed();
    return root;
  } catch (error) {
    throw error instanceof S3Error ? error : malformed();
  }
}

export function findChild(parent: XmlElement, name: string): XmlElement | undefined {
  const found = parent.children.filter((child) => child.name === name);
  if (found.length > 1) throw malformed();
  return found[0];
}

export function childText(parent: XmlElement, name: string): string | undefined {
  return findChild(parent, name)?.text;
}

/** Text of a child that must be there. */
export function requiredText(parent: XmlElement, name: string): string {
  const text = childText(parent, name);
  if (text === undefined) throw malformed();
  return text;
}

export function childrenNamed(parent: XmlElement, name: string): readonly XmlElement[] {
  return parent.children.filter((child) => child.name === name);
}
