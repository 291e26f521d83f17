// From Node's request to ours: headers as they were sent, address, query. Nothing here is trusted yet.
import type { IncomingMessage } from 'node:http';
import { S3Error } from '../shared/errors.ts';
import { parseAddress } from './address.ts';
import type { Method, S3Request } from './operation.ts';
import { parseQuery } from './query.ts';

const METHODS: ReadonlySet<string> = new Set<Method>(['GET', 'HEAD', 'PUT', 'POST', 'DELETE', 'OPTIONS']);

/** Which of two values counts must not depend on who reads them: these may stand only once. */
const SINGULAR = new Set([
  'authorization',
  'content-length',
  'content-md5',
  'content-type',
  'date',
  'host',
  'if-match',
  'if-none-match',
  'range',
  'x-amz-content-sha256',
  'x-amz-copy-source',
  'x-amz-copy-source-range',
  'x-amz-date',
  'x-amz-decoded-content-length',
  'x-amz-expected-bucket-owner',
  'x-amz-metadata-directive',
  'x-amz-security-token',
  'x-amz-storage-class',
]);

/** What the connection says, after the proxy in front of it (if any) was believed or not. */
export type ConnectionFacts = {
  readonly clientAddress: string;
  readonly secure: boolean;
};

/** What can be said of a request before it was parsed: enough to answer and record a refusal. */
export type RequestLine = { readonly id: string; readonly method: string; readonly rawPath: string };

export function splitTarget(url: string): { rawPath: string; rawQuery: string } {
  const target = /^https?:\/\/[^/?]*(.*)$/is.exec(url)?.[1] ?? url;
  const mark = target.indexOf('?');
  const path = mark < 0 ? target : target.slice(0, mark);
  return { rawPath: path === '' ? '/' : path, rawQuery: mark < 0 ? '' : target.slice(mark + 1) };
}

/** Lower-case names; repeated headers joined by `,` in the order sent. */
export function readHeaders(rawHeaders: readonly string[]): ReadonlyMap<string, string> {
  const headers = new Map<string, string>();
  for (let i = 0; i + 1 < rawHeaders.length; i += 2) {
    const name = (rawHeaders[i] ?? '').toLowerCase();
    const value = rawHeaders[i + 1] ?? '';
    const before = headers.get(name);
    if (before !== undefined && SINGULAR.has(name)) {
      throw new S3Error('InvalidRequest', { message: `The header ${name} may be sent only once.` });
    }
    headers.set(name, before === undefined ? value : `${before},${value}`);
  }
  return headers;
}

function isMethod(method: string): method is Method {
  return METHODS.has(method);
}

export function parseRequest(
  id: string,
  incoming: IncomingMessage,
  connection: ConnectionFacts,
  /** what the host is of; `<bucket>.<domain>` names a bucket */
  place: { readonly domains: readonly string[]; readonly region: string },
  receivedAt: number,
): S3Request {
  const method = incoming.method ?? '';
  if (!isMethod(method)) throw new S3Error('MethodNotAllowed');
  const { rawPath, rawQuery } = splitTarget(incoming.url ?? '/');
  const headers = readHeaders(incoming.rawHeaders);
  const host = headers.get('host') ?? '';
  return {
    ...connection,
    ...parseAddress(host, rawPath, place.domains),
    id,
    method,
    rawPath,
    rawQuery,
    query: parseQuery(rawQuery),
    headers,
    host,
    receivedAt,
    requestedRegion: place.region,
  };
}
