// Who sends this request? Signed in a header, presigned in the query, or anonymous. Nothing about the account, the
// bucket or the key's rights shows before the signature fits.
import type { Principal } from '../../access/principal.ts';
import type { Clock } from '../../shared/clock.ts';
import { S3Error } from '../../shared/errors.ts';
import type { AccessKey } from '../../shared/ids.ts';
import { type BodyProof, parseBodyProof } from '../body/body-proof.ts';
import type { S3Request } from '../operation.ts';
import { isVersion2, readVersion2Claim, verifyVersion2 } from './sigv2.ts';
import { checkRegion, type SignatureClaim, type SigningRegion } from './sigv4-claim.ts';
import { checkToken, givenToken, type TokenFacts } from './security-token.ts';
import { forS3, readHeaderClaim, type SignedFor } from './sigv4-header.ts';
import { ALGORITHM, signingKeyOf, type SigningService } from './sigv4-key.ts';
import { isPresigned, readPresignedClaim } from './sigv4-presigned.ts';
import { checkTime } from './sigv4-time.ts';
import { verifySignature } from './sigv4-verify.ts';

export type S3KeyPrincipal = Extract<Principal, { kind: 's3-key' }>;

export type RequestSigner = {
  readonly principal: S3KeyPrincipal;
  readonly secretKey: string;
  /** of temporary credentials; null: the key has no token */
  readonly token: TokenFacts | null;
};

export type AuthenticateDeps = {
  /** undefined for keys that are unknown, disabled, expired or whose owner is */
  readonly findSigner: (accessKey: AccessKey) => Promise<RequestSigner | undefined>;
  readonly clock: Clock;
  /** what the request came to; `us-east-1` is taken for it unless `strictRegion` */
  readonly region: SigningRegion;
  readonly strictRegion: boolean;
  /** false: signature version 2 is refused */
  readonly signatureVersion2: boolean;
};

export type Authenticated = { readonly principal: Principal; readonly bodyProof: BodyProof };

export async function authenticate(deps: AuthenticateDeps, request: S3Request): Promise<Authenticated> {
  const authorization = request.headers.get('authorization') ?? '';
  if (!isPresigned(request) && isVersion2(request, authorization)) return await authenticateVersion2(deps, request);
  const claim = readClaim(request, forS3);
  if (claim === null) {
    const payloadHash = request.headers.get('x-amz-content-sha256') ?? 'UNSIGNED-PAYLOAD';
    return { principal: { kind: 'anonymous' }, bodyProof: parseBodyProof(payloadHash, null) };
  }
  checkRegion(claim, deps.region, deps.strictRegion);
  const { principal, signingKey } = await verifyClaim(deps, request, claim, 's3');
  return { principal, bodyProof: signedBodyProof(claim, signingKey) };
}

/** A request to the Query API of `service`, of any region; `payloadHash` is that of the body as it came. */
export async function authenticateQuery(
  deps: AuthenticateDeps,
  request: S3Request,
  signedFor: { readonly service: SigningService; readonly payloadHash: string },
): Promise<Principal> {
  const claim = readClaim(request, signedFor);
  if (claim === null) return { kind: 'anonymous' };
  return (await verifyClaim(deps, request, claim, signedFor.service)).principal;
}

async function verifyClaim(
  deps: AuthenticateDeps,
  request: S3Request,
  claim: SignatureClaim,
  service: SigningService,
): Promise<{ readonly principal: S3KeyPrincipal; readonly signingKey: Buffer }> {
  checkTime(claim, deps.clock());
  checkHeadersAreSigned(request, claim);
  const { principal, secretKey, token } = await getSigner(deps, claim.accessKey);
  const signingKey = signingKeyOf(claim.accessKey, secretKey, claim.scope.date, claim.scope.region, service);
  verifySignature(request, claim, signingKey);
  checkToken(token, givenToken(request), claim.accessKey);
  return { principal, signingKey };
}

/** The body's hash is not signed, so what the client says of it proves only that the body arrived as it was sent. */
async function authenticateVersion2(deps: AuthenticateDeps, request: S3Request): Promise<Authenticated> {
  if (!deps.signatureVersion2) throw unsupportedMechanism();
  const authorization = request.headers.get('authorization') ?? '';
  if (authorization !== '' && request.query.has('Signature')) throw twoMechanisms(authorization);
  const claim = readVersion2Claim(request, authorization, deps.clock());
  const { principal, secretKey, token } = await getSigner(deps, claim.accessKey);
  verifyVersion2(request, claim, secretKey, deps.region);
  checkToken(token, givenToken(request), claim.accessKey);
  const payloadHash = request.headers.get('x-amz-content-sha256') ?? 'UNSIGNED-PAYLOAD';
  return { principal, bodyProof: parseBodyProof(payloadHash, null) };
}

function readClaim(request: S3Request, signedFor: SignedFor): SignatureClaim | null {
  const authorization = request.headers.get('authorization') ?? '';
  const presigned = isPresigned(request);
  if (authorization !== '' && presigned) throw twoMechanisms(authorization);
  if (presigned) return readPresignedClaim(request, signedFor);
  if (authorization.startsWith('AWS4-ECDSA-P256-SHA256')) throw unsupportedMechanism();
  if (authorization === '') return null;
  if (!authorization.startsWith(`${ALGORITHM} `)) throw unknownScheme(authorization);
  return readHeaderClaim(request, authorization, signedFor);
}

function signedBodyProof(claim: SignatureClaim, signingKey: Buffer): BodyProof {
  return parseBodyProof(claim.payloadHash, {
    signingKey,
    timestamp: claim.timestamp,
    scope: claim.scope.text,
    seedSignature: claim.signature,
  });
}

/** The host and every x-amz-* header must be covered: they change what the request does. */
function checkHeadersAreSigned(request: S3Request, claim: SignatureClaim): void {
  const { signedHeaders } = claim;
  const unsigned = signedHeaders.includes('host') ? [] : ['host'];
  for (const name of request.headers.keys()) {
    if (name.startsWith('x-amz-') && !signedHeaders.includes(name)) unsigned.push(name);
  }
  if (unsigned.length === 0) return;
  throw new S3Error('AccessDenied', {
    message: 'There were headers present in the request which were not signed',
    fields: { HeadersNotSigned: unsigned.join(', ') },
  });
}

/** What can be an access key at all: anything else is not looked up. */
function isAccessKey(text: string): text is AccessKey {
  return /^[A-Za-z0-9._-]{3,128}$/.test(text);
}

/** Errors: InvalidAccessKeyId. */
export async function getSigner(deps: AuthenticateDeps, accessKey: string): Promise<RequestSigner> {
  const signer = isAccessKey(accessKey) ? await deps.findSigner(accessKey) : undefined;
  if (signer === undefined) throw new S3Error('InvalidAccessKeyId', { fields: { AWSAccessKeyId: accessKey } });
  return signer;
}

function twoMechanisms(authorization: string): S3Error {
  return new S3Error('InvalidArgument', {
    message:
      'Only one auth mechanism allowed; only the X-Amz-Algorithm query parameter, Signature query string parameter or the Authorization header should be specified',
    fields: {
      ArgumentName: 'Authorization',
      // another scheme's header may carry a password
      ...(authorization.startsWith('AWS') ? { ArgumentValue: authorization } : {}),
    },
  });
}

export function unsupportedMechanism(): S3Error {
  return new S3Error('InvalidRequest', {
    message: 'The authorization mechanism you have provided is not supported. Please use AWS4-HMAC-SHA256.',
  });
}

function unknownScheme(authorization: string): S3Error {
  return new S3Error('InvalidArgument', {
    message: authorization.includes(' ')
      ? 'Unsupported Authorization Type'
      : "Authorization header is invalid -- one and only one ' ' (space) required.",
    fields: { ArgumentName: 'Authorization' },
  });
}
