// From what a test asks for to what goes over the wire.
import { checksumNames, digestOf, type ChecksumName } from '../../src/shared/checksums.ts';
import {
  amzDate,
  authorizationOf,
  type Credentials,
  presignedQuery,
  sha256Hex,
  sign,
  type SignableRequest,
} from './signing.ts';
import { type ChunkedOptions, cut, encodeChunked } from './signing-chunks.ts';

export type Target = Credentials & {
  /** `https://localhost:9000`; `http:` works too */
  readonly url: string;
  /** PEM of the CA to trust */
  readonly ca?: string | Buffer;
};

export type Payload =
  /** x-amz-content-sha256 is the body's hash: the rule */
  | 'signed'
  /** UNSIGNED-PAYLOAD: the rule for presigned URLs */
  | 'unsigned'
  | 'chunked-signed'
  | 'chunked-signed-trailer'
  | 'chunked-unsigned-trailer';

export type RawRequest = {
  /** GET */
  readonly method?: string;
  /** as it is sent: percent-encode it yourself (`encodeKey` helps) */
  readonly path: string;
  /** a string is sent as it is; names and values of an object are encoded */
  readonly query?: string | Readonly<Record<string, string>>;
  /** an array sends the header several times */
  readonly headers?: Readonly<Record<string, string | readonly string[]>>;
  readonly body?: string | Uint8Array;
  /** a body that is not kept in memory; needs payload 'unsigned' */
  readonly stream?: { readonly sizeBytes: number; readonly chunks: AsyncIterable<Uint8Array> };
  /** where the signature stands: 'header' */
  readonly auth?: 'header' | 'presigned' | 'anonymous';
  readonly payload?: Payload;
  /** sends this checksum of the body: in the trailer where there is one, else in a header */
  readonly checksum?: ChecksumName;
  /** of chunked payloads: 65,536 */
  readonly chunkBytes?: number;
  /** of presigned URLs: 900 */
  readonly expiresSeconds?: number | string;
  readonly credentials?: Partial<Credentials>;
  /** Host header, for virtual-host addressing (over TLS the certificate must cover it); else the URL's */
  readonly host?: string;
  /** moves the time of signing: -3_600_000 signs an hour ago */
  readonly skewMs?: number;
  /** waits for 100 Continue before it sends the body; `reply.continued` tells */
  readonly expectContinue?: boolean;
  /** gets the answer's bytes instead of `reply.body` */
  readonly receive?: (chunk: Buffer) => void;
  readonly tamper?: Tamper;
};

/** What to break. Everything here happens after signing. */
export type Tamper = {
  /** headers that are sent and not signed (not `unsigned`: those are `x-amz-*` and must be) */
  readonly unsignedHeaders?: Readonly<Record<string, string>>;
  /** edits the signature */
  readonly signature?: (signature: string) => string;
  /** edits the whole Authorization header, or the query of a presigned URL */
  readonly authorization?: (text: string) => string;
  /** sent instead of the one that is signed */
  readonly method?: string;
  /** edits the path that is sent, not the one that is signed */
  readonly path?: string;
  /** headers changed, or with null left out, after signing */
  readonly headers?: Readonly<Record<string, string | null>>;
  readonly chunkSignature?: ChunkedOptions['editSignature'];
  readonly trailerSignature?: ChunkedOptions['editTrailerSignature'];
  /** the trailing or header checksum's value */
  readonly checksum?: string;
  /** edits the body's bytes on the wire; Content-Length stays that of the original */
  readonly wire?: (bytes: Buffer) => Buffer;
  /** ends the connection after so many bytes of the body */
  readonly truncateAt?: number;
  /** … or sends no more and leaves it open */
  readonly pauseAt?: number;
};

export type WireRequest = {
  readonly method: string;
  /** path and query */
  readonly target: string;
  readonly headers: Readonly<Record<string, string | readonly string[]>>;
  readonly body: AsyncIterable<Uint8Array> | Iterable<Uint8Array>;
  readonly truncateAt: number | null;
  readonly pauseAt: number | null;
  readonly expectContinue: boolean;
  readonly receive: ((chunk: Buffer) => void) | null;
};

const STREAMING: Readonly<Record<string, string>> = {
  unsigned: 'UNSIGNED-PAYLOAD',
  'chunked-signed': 'STREAMING-AWS4-HMAC-SHA256-PAYLOAD',
  'chunked-signed-trailer': 'STREAMING-AWS4-HMAC-SHA256-PAYLOAD-TRAILER',
  'chunked-unsigned-trailer': 'STREAMING-UNSIGNED-PAYLOAD-TRAILER',
};

/** A key as the SDKs put it into a path: every byte but `A-Za-z0-9-._~/` as %XX. */
export function encodeKey(key: string): string {
  return encodeURIComponent(key)
    .replace(/[!'()*]/g, (char) => `%${char.charCodeAt(0).toString(16).toUpperCase()}`)
    .replaceAll('%2F', '/');
}

export async function buildRequest(target: Target, request: RawRequest): Promise<WireRequest> {
  const {
    auth = 'header',
    payload = auth === 'presigned' ? 'unsigned' : 'signed',
    tamper = {},
    method = 'GET',
  } = request;
  const body = Buffer.from(request.body ?? '');
  const credentials = { ...target, ...request.credentials };
  const timestamp = amzDate(new Date(Date.now() + (request.skewMs ?? 0)));
  const payloadHash = STREAMING[payload] ?? sha256Hex(body);
  const headers = unsignedHeaders(target, request, { auth, payload, payloadHash, timestamp, body });
  const folded = Object.fromEntries(Object.entries(headers).map(([name, value]) => [name, [value].flat().join(',')]));
  const signable = { method, path: request.path, query: queryText(request.query), headers: folded, payloadHash };
  const placed = placeSignature(request, credentials, timestamp, signable);
  const sent = { ...tampered(request, headers), ...placed.headers };
  const wire = wireBody(request, payload, body, { credentials, timestamp, seed: placed.signature });
  return {
    method: tamper.method ?? method,
    target: (tamper.path ?? request.path) + (placed.query === '' ? '' : `?${placed.query}`),
    headers: { ...sent, ...contentLength(request, wire, sent) },
    body: request.stream?.chunks ?? [tamper.wire?.(wire) ?? wire],
    truncateAt: tamper.truncateAt ?? null,
    pauseAt: tamper.pauseAt ?? null,
    expectContinue: request.expectContinue ?? false,
    receive: request.receive ?? null,
  };
}

type Placed = { readonly headers: Record<string, string>; readonly query: string; readonly signature: string };

function placeSignature(
  { auth = 'header', expiresSeconds = 900, tamper = {} }: RawRequest,
  credentials: Credentials,
  timestamp: string,
  signable: SignableRequest,
): Placed {
  const edit = tamper.signature ?? ((text: string) => text);
  const editAll = tamper.authorization ?? ((text: string) => text);
  if (auth === 'presigned') {
    const query = presignedQuery(credentials, timestamp, expiresSeconds, signable);
    const signature = /[0-9a-f]{64}$/.exec(query)?.[0] ?? '';
    return { headers: {}, query: editAll(query.slice(0, -64) + edit(signature)), signature };
  }
  const signed = sign(credentials, timestamp, signable);
  const { signature } = signed;
  if (auth === 'anonymous') return { headers: {}, query: signable.query, signature };
  const authorization = editAll(authorizationOf({ ...signed, signature: edit(signature) }));
  return { headers: { authorization }, query: signable.query, signature };
}

function queryText(query: RawRequest['query']): string {
  if (typeof query === 'string') return query;
  return Object.entries(query ?? {})
    .map(([name, value]) => `${encodeURIComponent(name)}=${encodeURIComponent(value)}`)
    .join('&');
}

type Parts = {
  readonly auth: string;
  readonly payload: Payload;
  readonly payloadHash: string;
  readonly timestamp: string;
  readonly body: Buffer;
};

function unsignedHeaders(
  target: Target,
  request: RawRequest,
  { auth, payload, payloadHash, timestamp, body }: Parts,
): Record<string, string | readonly string[]> {
  const chunked = payload.startsWith('chunked');
  const checksum = request.checksum === undefined ? null : checksumHeader(request.checksum);
  return {
    host: request.host ?? new URL(target.url).host,
    ...(auth === 'header' ? { 'x-amz-date': timestamp } : {}),
    ...(auth === 'header' || chunked ? { 'x-amz-content-sha256': payloadHash } : {}),
    ...(chunked ? { 'content-encoding': 'aws-chunked', 'x-amz-decoded-content-length': String(body.length) } : {}),
    ...(checksum === null
      ? {}
      : payload.endsWith('-trailer')
        ? { 'x-amz-trailer': checksum }
        : { [checksum]: checksumValue(request, body) }),
    ...Object.fromEntries(Object.entries(request.headers ?? {}).map(([name, value]) => [name.toLowerCase(), value])),
  };
}

export function checksumHeader(name: ChecksumName): string {
  if (!checksumNames.includes(name)) throw new Error(`no such checksum: ${name}`);
  return `x-amz-checksum-${name.toLowerCase()}`;
}

function checksumValue({ checksum, tamper }: RawRequest, body: Buffer): string {
  return tamper?.checksum ?? digestOf(checksum ?? 'CRC32', body).toString('base64');
}

function tampered(
  { tamper = {} }: RawRequest,
  headers: Readonly<Record<string, string | readonly string[]>>,
): Record<string, string | readonly string[]> {
  const changed = { ...headers, ...tamper.unsignedHeaders, ...tamper.headers };
  return Object.fromEntries(
    Object.entries(changed).flatMap(([name, value]) => (value === null ? [] : [[name, value]])),
  );
}

function wireBody(
  request: RawRequest,
  payload: Payload,
  body: Buffer,
  signing: NonNullable<ChunkedOptions['signing']>,
): Buffer {
  if (!payload.startsWith('chunked')) return body;
  const { tamper = {}, checksum } = request;
  const trailers = checksum === undefined ? [] : [[checksumHeader(checksum), checksumValue(request, body)] as const];
  const chunks = encodeChunked(cut(body, request.chunkBytes ?? 65_536), {
    signing: payload === 'chunked-unsigned-trailer' ? null : signing,
    trailers: payload.endsWith('-trailer') ? trailers : null,
    ...(tamper.chunkSignature ? { editSignature: tamper.chunkSignature } : {}),
    ...(tamper.trailerSignature ? { editTrailerSignature: tamper.trailerSignature } : {}),
  });
  return Buffer.concat([...chunks]);
}

/** Sent for every method that may have a body, as the SDKs do; a test's own header wins. */
function contentLength(
  request: RawRequest,
  wire: Buffer,
  sent: Readonly<Record<string, unknown>>,
): Record<string, string> {
  const method = request.method ?? 'GET';
  const set =
    'content-length' in sent || 'transfer-encoding' in sent || request.tamper?.headers?.['content-length'] === null;
  const length = request.stream?.sizeBytes ?? wire.length;
  return set || (length === 0 && ['GET', 'HEAD', 'DELETE'].includes(method))
    ? {}
    : { 'content-length': String(length) };
}
