// Which bucket and key a request names. Virtual-host style (`bucket.<domain>`) for the configured domains, path
// style for every other host (localhost, an IP address, the domain itself). Paths are bytes: nothing is collapsed,
// so `..`, `//`, a leading `/` and NUL are ordinary characters of a key.
import { S3Error } from '../shared/errors.ts';
import type { BucketName, ObjectKey } from '../shared/ids.ts';
import { parseBucketName } from '../storage/bucket-names.ts';

export const MAX_KEY_LENGTH_BYTES = 1024;

export type Address = { readonly bucket: BucketName | null; readonly key: ObjectKey | null };

const PLAIN_ASCII = /^[\x00-\x24\x26-\x7f]*$/;
const ASCII = /^[\x00-\x7f]*$/;
const PERCENT_ESCAPE = /%(?:[0-9A-Fa-f]{2})?/g;

/** Percent-decodes text of one character per byte, and reads the bytes as UTF-8; what is neither is InvalidURI. */
export function decodeUriBytes(raw: string): string {
  if (PLAIN_ASCII.test(raw)) return raw;
  if (ASCII.test(raw)) return decodeAscii(raw);
  const bytes = raw.replace(PERCENT_ESCAPE, (escape) => {
    if (escape.length !== 3) throw new S3Error('InvalidURI');
    return String.fromCharCode(Number.parseInt(escape.slice(1), 16));
  });
  return decodeUtf8(bytes);
}

function decodeAscii(raw: string): string {
  try {
    return decodeURIComponent(raw);
  } catch {
    throw new S3Error('InvalidURI');
  }
}

function decodeUtf8(bytes: string): string {
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(Buffer.from(bytes, 'latin1'));
  } catch {
    throw new S3Error('InvalidURI');
  }
}

/** The host without its port, in lower case. */
export function hostName(host: string): string {
  return host.toLowerCase().replace(/:\d*$/, '').replace(/\.$/, '');
}

/** The bucket in front of one of the domains (the longest that fits), or null. */
export function bucketOfHost(host: string, domains: readonly string[]): string | null {
  if (domains.length === 0) return null;
  const known = bucketsOfHosts.get(domains) ?? rememberHosts(domains);
  const found = known.get(host);
  if (found !== undefined) return found;
  const bucket = findBucketOfHost(host, domains);
  if (known.size >= MAX_KNOWN_HOSTS) known.clear();
  known.set(host, bucket);
  return bucket;
}

/** Every request asks, and most ask the same. */
const bucketsOfHosts = new WeakMap<readonly string[], Map<string, string | null>>();
const MAX_KNOWN_HOSTS = 1000;

function rememberHosts(domains: readonly string[]): Map<string, string | null> {
  const hosts = new Map<string, string | null>();
  bucketsOfHosts.set(domains, hosts);
  return hosts;
}

function findBucketOfHost(host: string, domains: readonly string[]): string | null {
  const name = hostName(host);
  const suffixes = domains.map((domain) => `.${hostName(domain)}`).filter((suffix) => name.endsWith(suffix));
  const longest = Math.max(0, ...suffixes.map((suffix) => suffix.length));
  return longest === 0 ? null : name.slice(0, -longest);
}

/** Do hosts below one of `domains` come before those below `others`? The longer domain wins. */
export function isBelow(host: string, domains: readonly string[], others: readonly string[]): boolean {
  const bucket = bucketOfHost(host, domains);
  if (bucket === null) return false;
  const other = bucketOfHost(host, others);
  return other === null || bucket.length < other.length;
}

export function parseKey(key: string): ObjectKey {
  const sizeBytes = Buffer.byteLength(key);
  if (sizeBytes > MAX_KEY_LENGTH_BYTES) {
    throw new S3Error('KeyTooLongError', {
      fields: { Size: String(sizeBytes), MaxSizeAllowed: String(MAX_KEY_LENGTH_BYTES) },
    });
  }
  return key as ObjectKey;
}

/** `path` begins with `/` and is still encoded. */
export function parseAddress(host: string, path: string, domains: readonly string[]): Address {
  if (!path.startsWith('/')) throw new S3Error('InvalidURI');
  const fromHost = bucketOfHost(host, domains);
  if (fromHost !== null) return toAddress(fromHost, path.slice(1));
  if (path === '/') return { bucket: null, key: null };
  const slash = path.indexOf('/', 1);
  return slash < 0 ? toAddress(path.slice(1), '') : toAddress(path.slice(1, slash), path.slice(slash + 1));
}

function toAddress(rawBucket: string, rawKey: string): Address {
  const bucket = parseBucketName(decodeUriBytes(rawBucket));
  return { bucket, key: rawKey === '' ? null : parseKey(decodeUriBytes(rawKey)) };
}
