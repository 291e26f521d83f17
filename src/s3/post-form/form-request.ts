// A form as the request it stands for: its fields become headers, so that everything after the signature (metadata,
// encryption, ACL, tags, policy conditions) is read, and decided upon, as for a PUT. Headers and query parameters of the
// HTTP request that could do the same are left out: no policy covers them.
import { S3Error } from '../../shared/errors.ts';
import { parseKey } from '../address.ts';
import type { S3Request } from '../operation.ts';
import { encodeHeader, invalidArgument } from '../parameters.ts';
import { parseTagging, TAGGING_HEADER } from '../tagging.ts';

/** Of the HTTP request itself: they say who calls from where, and an expected owner only narrows. */
const KEPT_HEADERS = new Set(['host', 'user-agent', 'referer', 'origin', 'x-amz-expected-bucket-owner']);

/** Fields that are headers under another name. */
const RENAMED: Readonly<Record<string, string>> = { acl: 'x-amz-acl', tagging: TAGGING_HEADER };
const PLAIN = new Set([
  'cache-control',
  'content-disposition',
  'content-encoding',
  'content-language',
  'content-md5',
  'content-type',
  'expires',
]);
/** They belong to the signature, or would say something about a body that is not this one. */
const NEVER =
  /^x-amz-(?:algorithm|credential|date|signature|security-token|content-sha256|decoded-content-length|trailer|copy-source.*|sdk-.*)$/;
const FIELD_NAME = /^[!#$%&'*+.^_`|~0-9a-z-]+$/;

/** The answer's form: read by PostObject from the headers as well. */
export const SUCCESS_FIELDS = ['success_action_redirect', 'redirect', 'success_action_status'] as const;

/** What policies ask for as s3:signatureversion; no field can set it. */
export const FORM_SIGNATURE = 'form-signature';

export function signatureOf(fields: ReadonlyMap<string, string>): string | null {
  if (!fields.has('policy')) return null;
  return fields.get('x-amz-algorithm') ?? 'AWS';
}

export function formRequest(request: S3Request, fields: ReadonlyMap<string, string>, filename: string): S3Request {
  const headers = new Map([...request.headers].filter(([name]) => KEPT_HEADERS.has(name)));
  for (const [field, text] of fields) {
    const header = headerName(field);
    if (header === null) continue;
    const value = field === 'tagging' ? tagsAsHeader(text) : text.trim();
    if (value === '' && !header.startsWith('x-amz-meta-')) continue;
    headers.set(header, encodeHeader(checked(field, value)));
  }
  const signature = signatureOf(fields);
  if (signature !== null) headers.set(FORM_SIGNATURE, signature);
  return { ...request, key: parseKey(keyOf(fields, filename)), headers, query: new Map(), rawQuery: '' };
}

function headerName(field: string): string | null {
  const name = RENAMED[field] ?? field;
  const isHeader = PLAIN.has(name) || (name.startsWith('x-amz-') && !NEVER.test(name));
  if (!isHeader && !SUCCESS_FIELDS.some((known) => known === name)) return null;
  if (FIELD_NAME.test(name)) return name;
  throw invalidArgument(field, '', 'The name of this field cannot be that of a header.');
}

function checked(field: string, value: string): string {
  if (!/[\u0000-\u0008\u000a-\u001f\u007f]/.test(value)) return value;
  throw invalidArgument(field, value, 'Control characters cannot stand in a header.');
}

function tagsAsHeader(xml: string): string {
  const tags = parseTagging(Buffer.from(xml), 'object');
  return tags.map(({ key, value }) => `${encodeURIComponent(key)}=${encodeURIComponent(value)}`).join('&');
}

function keyOf(fields: ReadonlyMap<string, string>, filename: string): string {
  const field = fields.get('key');
  if (field === undefined) {
    throw new S3Error('InvalidArgument', {
      message:
        "Bucket POST must contain a field named 'key'.  If it is specified, please check the order of the fields.",
      fields: { ArgumentName: 'key', ArgumentValue: '' },
    });
  }
  const key = withFilename(field, filename);
  if (key === '') throw invalidArgument('key', '', 'User key must have a length greater than 0.');
  return key;
}

/** Some browsers send the whole path of the file: what stands after the last slash of either kind is its name. */
export function withFilename(text: string, filename: string): string {
  return text.replaceAll('${filename}', () => filename.slice(filename.search(/[^/\\]*$/)));
}
