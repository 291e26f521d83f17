// aws-chunked bodies for tests, signed or not, with trailers or without.
// https://docs.aws.amazon.com/AmazonS3/latest/API/sigv4-streaming-trailers.html
import { createHmac } from 'node:crypto';
import { type Credentials, scopeOf, sha256Hex, signingKey } from './signing.ts';

export type ChunkSigning = { readonly credentials: Credentials; readonly timestamp: string; readonly seed: string };

export type ChunkedOptions = {
  /** null: unsigned chunks */
  readonly signing: ChunkSigning | null;
  /** name and value; null for a body without trailers */
  readonly trailers: readonly (readonly [name: string, value: string])[] | null;
  /** called with 0 … and the right signature; what it returns is sent */
  readonly editSignature?: (index: number, signature: string) => string;
  readonly editTrailerSignature?: (signature: string) => string;
};

/** The body on the wire: one chunk for each of `parts`, the empty chunk, the trailers. */
export function* encodeChunked(parts: Iterable<Uint8Array>, options: ChunkedOptions): Generator<Buffer> {
  const { signing, editSignature = (_, signature) => signature } = options;
  let previous = signing?.seed ?? '';
  let index = 0;
  const header = (data: Uint8Array): string => {
    const size = data.length.toString(16);
    if (signing === null) return `${size}\r\n`;
    previous = signChunk(signing, 'AWS4-HMAC-SHA256-PAYLOAD', [previous, sha256Hex(''), sha256Hex(data)]);
    return `${size};chunk-signature=${editSignature(index++, previous)}\r\n`;
  };
  for (const part of parts) {
    if (part.length > 0) yield Buffer.concat([Buffer.from(header(part)), part, Buffer.from('\r\n')]);
  }
  yield Buffer.from(header(new Uint8Array(0)));
  for (const [name, value] of options.trailers ?? []) yield Buffer.from(`${name}:${value}\r\n`);
  if (signing !== null && options.trailers !== null) yield Buffer.from(trailerSignature(signing, previous, options));
  yield Buffer.from('\r\n');
}

/** `bytes` in pieces of `chunkBytes`. */
export function* cut(bytes: Uint8Array, chunkBytes: number): Generator<Uint8Array> {
  for (let start = 0; start < bytes.length; start += chunkBytes) yield bytes.subarray(start, start + chunkBytes);
}

function trailerSignature(signing: ChunkSigning, previous: string, options: ChunkedOptions): string {
  const text = (options.trailers ?? []).map(([name, value]) => `${name}:${value}\n`).join('');
  const signature = signChunk(signing, 'AWS4-HMAC-SHA256-TRAILER', [previous, sha256Hex(text)]);
  return `x-amz-trailer-signature:${options.editTrailerSignature?.(signature) ?? signature}\r\n`;
}

function signChunk({ credentials, timestamp }: ChunkSigning, algorithm: string, rest: readonly string[]): string {
  const text = [algorithm, timestamp, scopeOf(credentials, timestamp), ...rest].join('\n');
  return createHmac('sha256', signingKey(credentials, timestamp)).update(text).digest('hex');
}
