// Answers of the Query APIs as XML: lists are `<member>`s, maps are `<entry>`s, nothing stands for what is not there.
// https://docs.aws.amazon.com/IAM/latest/APIReference/API_CreateUser.html and others
import type { QueryService } from '../access/query-call.ts';
import { escapeText } from '../shared/xml-text.ts';

/** What an answer is made of. A Date is a time, a Map its `<entry>`s. */
export type XmlValue =
  | string
  | number
  | boolean
  | Date
  | readonly XmlValue[]
  | ReadonlyMap<string, string | number>
  | XmlFields
  | null
  | undefined;
export type XmlFields = { readonly [name: string]: XmlValue };

const namespaces: Readonly<Record<QueryService, string>> = {
  iam: 'https://iam.amazonaws.com/doc/2010-05-08/',
  sts: 'https://sts.amazonaws.com/doc/2011-06-15/',
};

/** Whole seconds, as AWS writes times. */
const isoSeconds = (time: Date): string => `${time.toISOString().slice(0, 19)}Z`;

function element(name: string, value: XmlValue): string {
  if (value === null || value === undefined) return '';
  const content = contentOf(value);
  return content === '' && typeof value !== 'string' ? `<${name}/>` : `<${name}>${content}</${name}>`;
}

function contentOf(value: Exclude<XmlValue, null | undefined>): string {
  if (typeof value === 'string') return escapeText(value);
  if (typeof value !== 'object') return String(value);
  if (value instanceof Date) return isoSeconds(value);
  if (value instanceof Map) return entries(value);
  if (isList(value)) return value.map((each) => element('member', each)).join('');
  return fields(value as XmlFields);
}

const isList = (value: object): value is readonly XmlValue[] => Array.isArray(value);

const entries = (map: ReadonlyMap<string, string | number>): string =>
  [...map].map(([key, value]) => element('entry', { key, value })).join('');

const fields = (values: XmlFields): string =>
  Object.entries(values)
    .map(([name, value]) => element(name, value))
    .join('');

/** `result` null: the call answers with nothing but its success. */
export function answerXml(service: QueryService, name: string, result: XmlFields | null, requestId: string): string {
  const body = result === null ? '' : `<${name}Result>${fields(result)}</${name}Result>`;
  const metadata = element('ResponseMetadata', { RequestId: requestId });
  return `<${name}Response xmlns="${namespaces[service]}">${body}${metadata}</${name}Response>`;
}

export type ErrorXmlFacts = {
  readonly service: QueryService;
  readonly type: 'Sender' | 'Receiver';
  readonly code: string;
  readonly message: string;
  readonly requestId: string;
};

export function errorXml({ service, type, code, message, requestId }: ErrorXmlFacts): string {
  const error = element('Error', { Type: type, Code: code, Message: message });
  return `<ErrorResponse xmlns="${namespaces[service]}">${error}${element('RequestId', requestId)}</ErrorResponse>`;
}
