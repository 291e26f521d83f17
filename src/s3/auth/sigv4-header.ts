// `Authorization: AWS4-HMAC-SHA256 Credential=…, SignedHeaders=…, Signature=…`
import { S3Error } from '../../shared/errors.ts';
import type { S3Request } from '../operation.ts';
import { checkPayloadHash } from '../body/body-proof.ts';
import { malformed, parseCredential, type SignatureClaim } from './sigv4-claim.ts';
import { ALGORITHM, type SigningService } from './sigv4-key.ts';
import { formatTimestamp, parseDateHeader, parseTimestamp } from './sigv4-time.ts';

/** What a request is signed for; `payloadHash` of a body that was read already, else the client names it. */
export type SignedFor = { readonly service: SigningService; readonly payloadHash: string | null };

export const forS3: SignedFor = { service: 's3', payloadHash: null };

export function readHeaderClaim(request: S3Request, authorization: string, signedFor = forS3): SignatureClaim {
  const components = parseComponents(authorization.slice(ALGORITHM.length));
  const { accessKey, scope } = parseCredential('header', components.Credential, signedFor.service);
  const { timestamp, signedAt } = readDate(request);
  if (scope.date !== timestamp.slice(0, 8)) {
    throw malformed(
      'header',
      `Invalid credential date "${scope.date}". This date is not the same as X-Amz-Date: "${timestamp.slice(0, 8)}".`,
    );
  }
  const payloadHash = signedFor.payloadHash ?? request.headers.get('x-amz-content-sha256');
  if (payloadHash === undefined) {
    throw new S3Error('InvalidRequest', { message: 'Missing required header for this request: x-amz-content-sha256' });
  }
  // before the signature is looked at, as AWS does: it would only be said to be wrong
  checkPayloadHash(payloadHash);
  return {
    source: 'header',
    accessKey,
    scope,
    timestamp,
    signedAt,
    expiresSeconds: null,
    signedHeaders: components.SignedHeaders.toLowerCase().split(';'),
    signature: components.Signature,
    payloadHash,
  };
}

type Components = { readonly Credential: string; readonly SignedHeaders: string; readonly Signature: string };

/** Separated by commas with or without blanks, in any order, each exactly once. */
function parseComponents(text: string): Components {
  const found = new Map<string, string>();
  for (const component of text.split(',').map((part) => part.trim())) {
    const equals = component.indexOf('=');
    const name = component.slice(0, Math.max(equals, 0));
    if (equals === -1 || found.has(name)) {
      throw malformed('header', `the authorization component "${component}" is malformed.`);
    }
    found.set(name, component.slice(equals + 1));
  }
  const [Credential, SignedHeaders, Signature] = ['Credential', 'SignedHeaders', 'Signature'].map((n) => found.get(n));
  if (!Credential) throw malformed('header', 'missing Credential.');
  if (!SignedHeaders) throw malformed('header', 'missing SignedHeaders.');
  if (!Signature) throw malformed('header', 'missing Signature.');
  return { Credential, SignedHeaders, Signature };
}

/** X-Amz-Date wins over Date, which browsers and some HTTP libraries write themselves. */
function readDate(request: S3Request): { readonly timestamp: string; readonly signedAt: number } {
  const amzDate = request.headers.get('x-amz-date');
  const signedAt =
    amzDate === undefined ? parseDateHeader(request.headers.get('date') ?? '') : parseTimestamp(amzDate.trim());
  if (signedAt === null) {
    throw new S3Error('AccessDenied', { message: 'AWS authentication requires a valid Date or x-amz-date header' });
  }
  return { timestamp: formatTimestamp(signedAt), signedAt };
}
