// What the signature says about the body that follows: authenticate.ts makes it, open-body.ts holds the body to it.
import { S3Error } from '../../shared/errors.ts';

export type BodyProof =
  /** UNSIGNED-PAYLOAD, and bodies of anonymous requests that announce nothing */
  | { readonly kind: 'unsigned' }
  /** the SHA-256 of the whole body, lower-case hexadecimal */
  | { readonly kind: 'sha256'; readonly sha256Hex: string }
  /** aws-chunked; `signer` is null when the chunks are not signed */
  | { readonly kind: 'chunked'; readonly trailers: boolean; readonly signer: ChunkSigner | null };

/** What each chunk's signature starts from. */
export type ChunkSigner = {
  readonly signingKey: Buffer;
  /** `yyyyMMdd'T'HHmmss'Z'` */
  readonly timestamp: string;
  /** `20130524/HAN02/s3/aws4_request` */
  readonly scope: string;
  /** of the request: the first chunk's predecessor */
  readonly seedSignature: string;
};

/** `payloadHash` is x-amz-content-sha256; `signer` is null for an anonymous request. */
export function parseBodyProof(payloadHash: string, signer: ChunkSigner | null): BodyProof {
  checkPayloadHash(payloadHash);
  switch (payloadHash) {
    case 'UNSIGNED-PAYLOAD':
      return { kind: 'unsigned' };
    case 'STREAMING-UNSIGNED-PAYLOAD-TRAILER':
      return { kind: 'chunked', trailers: true, signer: null };
    case 'STREAMING-AWS4-HMAC-SHA256-PAYLOAD':
    case 'STREAMING-AWS4-HMAC-SHA256-PAYLOAD-TRAILER':
      if (signer === null) throw anonymousCannotSign();
      return { kind: 'chunked', trailers: payloadHash.endsWith('-TRAILER'), signer };
  }
  return { kind: 'sha256', sha256Hex: payloadHash };
}

const PAYLOAD_HASH =
  /^(?:[0-9a-f]{64}|UNSIGNED-PAYLOAD|STREAMING-(?:UNSIGNED-PAYLOAD-TRAILER|AWS4-HMAC-SHA256-PAYLOAD(?:-TRAILER)?))$/;

/** Throws InvalidArgument unless it can be an x-amz-content-sha256 at all. */
export function checkPayloadHash(payloadHash: string): void {
  if (!PAYLOAD_HASH.test(payloadHash)) throw unknownPayloadHash(payloadHash);
}

function anonymousCannotSign(): S3Error {
  return new S3Error('InvalidRequest', {
    message:
      "Anonymous requests don't support this x-amz-content-sha256 value. Please use UNSIGNED-PAYLOAD or STREAMING-UNSIGNED-PAYLOAD-TRAILER.",
  });
}

function unknownPayloadHash(payloadHash: string): S3Error {
  return new S3Error('InvalidArgument', {
    message:
      'x-amz-content-sha256 must be UNSIGNED-PAYLOAD, STREAMING-UNSIGNED-PAYLOAD-TRAILER, STREAMING-AWS4-HMAC-SHA256-PAYLOAD, STREAMING-AWS4-HMAC-SHA256-PAYLOAD-TRAILER or a valid sha256 value.',
    fields: { ArgumentName: 'x-amz-content-sha256', ArgumentValue: payloadHash },
  });
}
