// What follows the last chunk: `name:value` lines and, in a signed body, `x-amz-trailer-signature:…`.
import { S3Error } from '../../shared/errors.ts';
import type { ChunkVerifier } from './chunk-signatures.ts';

const SIGNATURE_NAME = 'x-amz-trailer-signature';

const SIGNATURE = /^[0-9a-f]{64}$/;

/**
 * `text` is all that follows the line of the empty chunk. It ends with an empty line, or the body was cut off. Empty
 * lines before that are skipped: MinIO's client writes `name:value\n\r\nx-amz-trailer-signature:…`.
 */
export function parseTrailers(
  text: string,
  allowed: boolean,
  verifier: ChunkVerifier | null,
): ReadonlyMap<string, string> {
  if (!/(^|\n)\r?\n$/.test(text)) throw cutOff();
  const trailers = new Map<string, string>();
  for (const line of text.split('\n').map((part) => part.trim())) {
    if (line === '') continue;
    const [name, value] = parseLine(line);
    // nothing may follow the signature, and nothing may stand twice
    if (!allowed || trailers.has(name) || trailers.has(SIGNATURE_NAME)) throw malformed();
    trailers.set(name, value);
  }
  const signature = trailers.get(SIGNATURE_NAME) ?? '';
  trailers.delete(SIGNATURE_NAME);
  if (allowed && verifier !== null) {
    if (!SIGNATURE.test(signature)) throw cutOff();
    verifier.endTrailers([...trailers].map(([name, value]) => `${name}:${value}\n`).join(''), signature);
  }
  return trailers;
}

function parseLine(line: string): readonly [name: string, value: string] {
  const colon = line.indexOf(':');
  if (colon < 1) throw malformed();
  return [line.slice(0, colon).trim().toLowerCase(), line.slice(colon + 1).trim()];
}

function cutOff(): S3Error {
  return new S3Error('IncompleteBody', { message: 'The request body terminated unexpectedly' });
}

function malformed(): S3Error {
  return new S3Error('MalformedTrailerError');
}
