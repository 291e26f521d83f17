// Presigned URLs: the signature stands in the query.
// https://docs.aws.amazon.com/AmazonS3/latest/API/sigv4-query-string-auth.html
import { S3Error } from '../../shared/errors.ts';
import type { S3Request } from '../operation.ts';
import { parseCredential, type SignatureClaim } from './sigv4-claim.ts';
import { forS3 } from './sigv4-header.ts';
import { ALGORITHM } from './sigv4-key.ts';
import { MAX_EXPIRES_SECONDS, parseTimestamp } from './sigv4-time.ts';

/** Any of these means that the URL claims to be presigned. */
export function isPresigned(request: S3Request): boolean {
  return (
    request.query.has('X-Amz-Algorithm') ||
    request.query.has('X-Amz-Credential') ||
    request.query.has('X-Amz-Signature')
  );
}

export function readPresignedClaim(request: S3Request, signedFor = forS3): SignatureClaim {
  const algorithm = required(request, 'X-Amz-Algorithm');
  const credential = required(request, 'X-Amz-Credential');
  const timestamp = required(request, 'X-Amz-Date');
  const expires = required(request, 'X-Amz-Expires');
  const signedHeaders = required(request, 'X-Amz-SignedHeaders');
  const signature = required(request, 'X-Amz-Signature');
  if (algorithm !== ALGORITHM) throw invalid(`X-Amz-Algorithm only supports "${ALGORITHM}"`);
  const { accessKey, scope } = parseCredential('query', credential, signedFor.service);
  const signedAt = parseTimestamp(timestamp);
  if (signedAt === null) throw invalid(`X-Amz-Date must be in the ISO8601 Long Format "yyyyMMdd'T'HHmmss'Z'"`);
  if (scope.date !== timestamp.slice(0, 8)) {
    throw invalid(
      `Invalid credential date "${scope.date}". This date is not the same as X-Amz-Date: "${timestamp.slice(0, 8)}".`,
    );
  }
  return {
    source: 'query',
    accessKey,
    scope,
    timestamp,
    signedAt,
    expiresSeconds: parseExpires(expires),
    signedHeaders: signedHeaders.toLowerCase().split(';'),
    signature,
    payloadHash: signedFor.payloadHash ?? presignedPayloadHash(request),
  };
}

/** What the SDKs hoist into the query comes first; a signed header counts too; the rule is UNSIGNED-PAYLOAD. */
function presignedPayloadHash(request: S3Request): string {
  return request.query.get('X-Amz-Content-Sha256') ?? request.headers.get('x-amz-content-sha256') ?? 'UNSIGNED-PAYLOAD';
}

function required(request: S3Request, name: string): string {
  const value = request.query.get(name);
  if (value) return value;
  throw invalid(
    'Query-string authentication version 4 requires the X-Amz-Algorithm, X-Amz-Credential, X-Amz-Signature, X-Amz-Date, X-Amz-SignedHeaders, and X-Amz-Expires parameters.',
  );
}

function parseExpires(text: string): number {
  if (!/^-?\d+$/.test(text)) throw invalid('X-Amz-Expires should be a number');
  const seconds = Number(text);
  if (seconds < 0) throw invalid('X-Amz-Expires must be non-negative');
  if (seconds < 1) throw invalid('X-Amz-Expires must be at least 1 (in seconds)');
  if (seconds > MAX_EXPIRES_SECONDS) {
    throw invalid(
      `X-Amz-Expires must be less than a week (in seconds); that is, the given X-Amz-Expires must be less than ${MAX_EXPIRES_SECONDS} seconds`,
    );
  }
  return seconds;
}

function invalid(message: string): S3Error {
  return new S3Error('AuthorizationQueryParametersError', { message });
}
