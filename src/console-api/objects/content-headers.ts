// The headers that an object's bytes are sent with. The console's own origin serves them, so nothing that a browser
// could run may come as a page of it: what is shown inline is of a type that has no scripts, and is opaque besides.
import type { ObjectRecord } from '../../metadata/tables/objects.ts';
import { ProblemError } from '../../shared/errors.ts';

/** Types a browser may show in place: pictures, sound, film, PDF and plain text. None of them runs as the console. */
const INLINE = new Set([
  'image/png',
  'image/jpeg',
  'image/gif',
  'image/webp',
  'image/avif',
  'image/bmp',
  'image/x-icon',
  'audio/mpeg',
  'audio/mp4',
  'audio/aac',
  'audio/ogg',
  'audio/wav',
  'audio/webm',
  'audio/flac',
  'video/mp4',
  'video/webm',
  'video/ogg',
  'video/quicktime',
  'application/pdf',
  'text/plain',
]);

/** For objects whose uploader did not say what they are. */
const BY_ENDING: Readonly<Record<string, string>> = {
  png: 'image/png',
  jpg: 'image/jpeg',
  jpeg: 'image/jpeg',
  gif: 'image/gif',
  webp: 'image/webp',
  avif: 'image/avif',
  bmp: 'image/bmp',
  ico: 'image/x-icon',
  svg: 'image/svg+xml',
  mp3: 'audio/mpeg',
  m4a: 'audio/mp4',
  aac: 'audio/aac',
  oga: 'audio/ogg',
  wav: 'audio/wav',
  flac: 'audio/flac',
  mp4: 'video/mp4',
  m4v: 'video/mp4',
  webm: 'video/webm',
  ogv: 'video/ogg',
  mov: 'video/quicktime',
  pdf: 'application/pdf',
  txt: 'text/plain',
};

const UNSAID = new Set(['', 'application/octet-stream', 'binary/octet-stream']);

/** Lower-case, without parameters. */
export function typeOf(key: string, stored: string | undefined): string {
  const type = (stored ?? '').split(';', 1)[0]?.trim().toLowerCase() ?? '';
  const known = /^[\w.+-]+\/[\w.+-]+$/.test(type) && !UNSAID.has(type) ? type : undefined;
  const ending = key.slice(key.lastIndexOf('.') + 1).toLowerCase();
  return known ?? BY_ENDING[ending] ?? 'application/octet-stream';
}

/** The last part of a key, and of a folder its name: what a file of it is called. */
export function fileNameOf(key: string): string {
  const name = key.replace(/\/+$/, '').split('/').at(-1) ?? '';
  return name === '' ? 'object' : name;
}

/** RFC 6266: the name in UTF-8, and in plain ASCII for what does not read that. */
export function dispositionOf(kind: 'attachment' | 'inline', name: string): string {
  const plain = name.replaceAll(/[^\x20-\x7e]|["\\%]/g, '_');
  const encoded = encodeURIComponent(name.toWellFormed()).replaceAll(
    /['()*]/g,
    (char) => `%${char.charCodeAt(0).toString(16).toUpperCase()}`,
  );
  return `${kind}; filename="${plain}"; filename*=UTF-8''${encoded}`;
}

/** Without rights, without an origin, without anything to load. A PDF viewer does not start in a sandbox. */
const opaque = (type: string): string =>
  `${type === 'application/pdf' ? '' : 'sandbox; '}default-src 'none'; frame-ancestors 'self'`;

const encodingOf = (encoding = ''): Record<string, string> =>
  /^[\w, -]+$/.test(encoding) ? { 'content-encoding': encoding } : {};

export function contentHeaders(
  key: string,
  object: Pick<ObjectRecord, 'system' | 'etag' | 'lastModified'>,
  disposition: 'attachment' | 'inline',
): Record<string, string> {
  const type = typeOf(key, object.system.contentType);
  const inline = disposition === 'inline' && INLINE.has(type);
  return {
    // pictures are shown by <img> whatever the disposition says; SVG runs no script there
    'content-type': type === 'text/plain' ? 'text/plain; charset=utf-8' : type,
    'content-disposition': dispositionOf(inline ? 'inline' : 'attachment', fileNameOf(key)),
    'content-security-policy': opaque(type),
    ...(inline ? { 'x-frame-options': 'SAMEORIGIN' } : {}),
    ...encodingOf(object.system.contentEncoding),
    'accept-ranges': 'bytes',
    etag: `"${object.etag}"`,
    'last-modified': new Date(object.lastModified).toUTCString(),
  };
}

/** Only its owner's client can send the key that opens it. */
export function refuseCustomerKey({ encryption }: Pick<ObjectRecord, 'encryption'>): void {
  if (encryption?.kind !== 'SSE-C') return;
  const message = 'This object is encrypted with a key of your own (SSE-C), which only an S3 client can send.';
  throw new ProblemError(409, 'customer-key-needed', message);
}
