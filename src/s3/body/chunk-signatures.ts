// The signatures of aws-chunked bodies: each chunk signs its bytes and the signature before it; trailers come last.
// https://docs.aws.amazon.com/AmazonS3/latest/API/sigv4-streaming.html and …/sigv4-streaming-trailers.html
import { createHash, hash, timingSafeEqual } from 'node:crypto';
import { S3Error } from '../../shared/errors.ts';
import { signText } from '../auth/sigv4-key.ts';
import type { ChunkSigner } from './body-proof.ts';

const EMPTY_SHA256 = hash('sha256', '', 'hex');

export type ChunkVerifier = {
  /** bytes of the running chunk, in order */
  readonly update: (data: Uint8Array) => void;
  /** ends the running chunk; throws SignatureDoesNotMatch */
  readonly endChunk: (signature: string) => void;
  /** `text` holds a line `name:value\n` per trailer; throws SignatureDoesNotMatch */
  readonly endTrailers: (text: string, signature: string) => void;
};

export function createChunkVerifier(signer: ChunkSigner): ChunkVerifier {
  let previous = signer.seedSignature;
  let chunkHash = createHash('sha256');

  const check = (algorithm: string, hashes: readonly string[], signature: string): void => {
    const text = [algorithm, signer.timestamp, signer.scope, previous, ...hashes].join('\n');
    const computed = signText(signer.signingKey, text);
    if (!sameText(computed, signature)) throw doesNotMatch(text, signature);
    previous = computed;
  };
  return {
    update: (data) => {
      chunkHash.update(data);
    },
    endChunk: (signature) => {
      check('AWS4-HMAC-SHA256-PAYLOAD', [EMPTY_SHA256, chunkHash.digest('hex')], signature);
      chunkHash = createHash('sha256');
    },
    endTrailers: (text, signature) => {
      check('AWS4-HMAC-SHA256-TRAILER', [hash('sha256', text, 'hex')], signature);
    },
  };
}

function sameText(a: string, b: string): boolean {
  const [bytesA, bytesB] = [Buffer.from(a), Buffer.from(b)];
  return bytesA.length === bytesB.length && timingSafeEqual(bytesA, bytesB);
}

function doesNotMatch(stringToSign: string, signature: string): S3Error {
  return new S3Error('SignatureDoesNotMatch', {
    fields: { StringToSign: stringToSign, SignatureProvided: signature },
  });
}
