// The headers that are stored with an object, and their way back.
import type { ObjectRecord, SystemMetadata } from '../metadata/tables/objects.ts';
import { S3Error } from '../shared/errors.ts';
import { storedContentEncoding } from './body/content-encoding.ts';
import { checksumHeaders } from './checksum-headers.ts';
import { encryptionHeaders } from './encryption-headers.ts';
import type { S3Request } from './operation.ts';
import { encodeHeader, findHeader, headersWithPrefix } from './parameters.ts';
import { quoted } from './xml/write.ts';

const META = 'x-amz-meta-';
/** Names and values of user metadata together, in UTF-8. */
export const MAX_USER_METADATA_BYTES = 2048;
const DEFAULT_CONTENT_TYPE = 'binary/octet-stream';

const SYSTEM_HEADERS = [
  ['contentType', 'content-type'],
  ['cacheControl', 'cache-control'],
  ['contentDisposition', 'content-disposition'],
  ['contentEncoding', 'content-encoding'],
  ['contentLanguage', 'content-language'],
  ['expires', 'expires'],
  ['websiteRedirectLocation', 'x-amz-website-redirect-location'],
] as const satisfies readonly (readonly [keyof SystemMetadata, string])[];

export function parseSystemMetadata(request: S3Request): SystemMetadata {
  const system: Partial<Record<keyof SystemMetadata, string>> = {};
  for (const [field, header] of SYSTEM_HEADERS) {
    const sent = findHeader(request, header);
    if (sent === undefined) continue;
    const value = field === 'contentEncoding' ? storedContentEncoding(sent) : sent;
    if (value) system[field] = value;
  }
  checkRedirect(system.websiteRedirectLocation);
  return system;
}

function checkRedirect(location: string | undefined): void {
  if (location === undefined || /^(?:\/|https?:\/\/)/.test(location)) return;
  throw new S3Error('InvalidRedirectLocation', {
    fields: { ArgumentName: 'x-amz-website-redirect-location', ArgumentValue: location },
  });
}

export function parseUserMetadata(request: S3Request): Record<string, string> {
  const user = new Map<string, string>();
  let sizeBytes = 0;
  for (const [header, value] of headersWithPrefix(request, META)) {
    const name = header.slice(META.length);
    if (name === '') continue;
    user.set(name, value);
    sizeBytes += Buffer.byteLength(name) + Buffer.byteLength(value);
  }
  if (sizeBytes > MAX_USER_METADATA_BYTES) {
    throw new S3Error('MetadataTooLarge', {
      fields: { Size: String(sizeBytes), MaxSizeAllowed: String(MAX_USER_METADATA_BYTES) },
    });
  }
  return Object.fromEntries(user);
}

/** Printable ASCII as it is; anything else as one RFC 2047 word. */
function encodeMetadata(value: string): string {
  return /^[\x20-\x7e\t]*$/.test(value) ? value : `=?UTF-8?B?${Buffer.from(value, 'utf8').toString('base64')}?=`;
}

function systemHeaders(system: SystemMetadata): Record<string, string> {
  const headers: Record<string, string> = { 'content-type': DEFAULT_CONTENT_TYPE };
  for (const [field, header] of SYSTEM_HEADERS) {
    const value = system[field];
    if (value !== undefined) headers[header] = encodeHeader(value);
  }
  return headers;
}

export function httpDate(ms: number): string {
  return new Date(ms).toUTCString();
}

/** What conditional answers (304) and full ones share. */
export function validatorHeaders(object: ObjectRecord): Record<string, string> {
  return { etag: quoted(object.etag), 'last-modified': httpDate(object.lastModified) };
}

/** The headers of GetObject and HeadObject, apart from length and range. */
export function objectHeaders(object: ObjectRecord, options: { withChecksum: boolean }): Record<string, string> {
  const headers = Object.assign(systemHeaders(object.system), validatorHeaders(object));
  headers['accept-ranges'] = 'bytes';
  for (const [name, value] of Object.entries(object.user)) headers[META + name] = encodeMetadata(value);
  if (object.storageClass !== 'STANDARD') headers['x-amz-storage-class'] = object.storageClass;
  Object.assign(headers, encryptionHeaders(object.encryption));
  return options.withChecksum ? Object.assign(headers, checksumHeaders(object.checksum)) : headers;
}
