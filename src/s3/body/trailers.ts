// What follows the last chunk: `name:value` lines and, in a signed body, `x-amz-trailer-signature:…`.
import { S3Error } from '../../shared/errors.ts';
import type { ChunkVerifier } from './chunk-signatures.ts';

const SIGNATURE_NAME = 'x-amz-trailer-signature';

/**
 * Line ends are taken as they come: MinIO's client writes `name:value\n\r\nx-amz-trailer-signature:…`, AWS's SDK for
 * JavaScript ends without an empty line. The body's end is known, so nothing hides behind a blank line.
 */
export function parseTrailers(
  text: string,
  allowed: boolean,
  verifier: ChunkVerifier | null,
): ReadonlyMap<string, string> {
  const trailers = new Map<string, string>();
  for (const line of text.split('\n').map((part) => part.trim())) {
    if (line === '') continue;
    const [name, value] = parseLine(line);
    // nothing may follow the signature, and nothing may stand twice
    if (!allowed || trailers.has(name) || trailers.has(SIGNATURE_NAME)) throw malformed();
    trailers.set(name, value);
  }
  const signature = trailers.get(SIGNATURE_NAME);
  trailers.delete(SIGNATURE_NAME);
  if (allowed && verifier !== null) {
    if (signature === undefined) throw malformed();
    verifier.endTrailers([...trailers].map(([name, value]) => `${name}:${value}\n`).join(''), signature);
  }
  return trailers;
}

function parseLine(line: string): readonly [name: string, value: string] {
  const colon = line.indexOf(':');
  if (colon < 1) throw malformed();
  return [line.slice(0, colon).trim().toLowerCase(), line.slice(colon + 1).trim()];
}

function malformed(): S3Error {
  return new S3Error('MalformedTrailerError');
}
