// Is this a token of that identity provider, and what does it say? Keys are fetched from the provider as OpenID Connect
// says, kept for ten minutes, and fetched again when a token names one that is not among them.
// https://openid.net/specs/openid-connect-discovery-1_0.html
import { type JWTPayload, createRemoteJWKSet, customFetch, decodeJwt, errors, jwtVerify } from 'jose';
import { z } from 'zod';
import type { Clock } from '../shared/clock.ts';
import { QueryError } from './errors.ts';

export type WebIdentityDeps = {
  readonly clock: Clock;
  readonly fetch: typeof fetch;
  /** null: only `https:`; else also `http:` on loopback */
  readonly allowHttp: boolean;
  readonly keySets: Map<string, Promise<KeySet>>;
};

type KeySet = ReturnType<typeof createRemoteJWKSet>;

const TIMEOUT_MS = 5000;
const MAX_ANSWER_BYTES = 512 * 1024;
const MAX_KEY_SETS = 1000;
const CACHED_MS = 600_000;
/** A key that is not known is asked for at most so often. */
const COOLDOWN_MS = 10_000;
const CLOCK_TOLERANCE_SECONDS = 60;
/** Only what proves possession of a key that the provider alone has. */
const ALGORITHMS = [
  'RS256',
  'RS384',
  'RS512',
  'ES256',
  'ES384',
  'ES512',
  'PS256',
  'PS384',
  'PS512',
  'EdDSA',
  'Ed25519',
];
const LOOPBACK = /^(localhost|127(\.\d+){3}|\[::1\])$/;

/** The URL of a provider, or the reason why it cannot be one. */
export function providerUrlFault(url: string, allowHttp: boolean): string | null {
  if (!URL.canParse(url)) return 'it is no URL';
  const { protocol, hostname, search, hash, username } = new URL(url);
  if (search !== '' || hash !== '' || username !== '') return 'it may have no query, fragment or user';
  if (protocol === 'https:') return null;
  if (protocol === 'http:' && allowHttp) return null;
  return hostname === '' ? 'it names no host' : 'it must begin with https://';
}

/** The issuer a token claims, before anything of it is trusted. */
export function claimedIssuer(token: string): string {
  const { iss } = decoded(token);
  if (typeof iss === 'string' && iss !== '') return iss;
  throw new QueryError('InvalidIdentityToken', 'Missing a required claim: iss');
}

function decoded(token: string): JWTPayload {
  try {
    return decodeJwt(token);
  } catch (cause) {
    const message = 'The ID Token provided is not a valid JWT. (You may see this error if you sent an Access Token)';
    throw new QueryError('InvalidIdentityToken', message, { cause });
  }
}

/** Errors: InvalidIdentityToken, ExpiredTokenException, IDPCommunicationError. */
export async function verifyWebIdentity(deps: WebIdentityDeps, issuer: string, token: string): Promise<JWTPayload> {
  const keys = await keySetOf(deps, issuer);
  try {
    const { payload } = await jwtVerify(token, keys, {
      issuer,
      algorithms: ALGORITHMS,
      requiredClaims: ['exp', 'sub', 'aud'],
      clockTolerance: CLOCK_TOLERANCE_SECONDS,
      currentDate: new Date(deps.clock()),
    });
    return payload;
  } catch (error) {
    throw ofToken(error, deps.clock());
  }
}

function ofToken(error: unknown, now: number): QueryError {
  const cause = { cause: error };
  if (error instanceof QueryError) return error;
  if (error instanceof errors.JWTExpired) {
    const expired = new Date((error.payload.exp ?? 0) * 1000).toISOString();
    const message = `Token expired: current date/time ${new Date(now).toISOString()} must be before the expiration date/time ${expired}`;
    return new QueryError('ExpiredTokenException', message, cause);
  }
  if (error instanceof errors.JWTClaimValidationFailed && error.reason === 'missing') {
    return new QueryError('InvalidIdentityToken', `Missing a required claim: ${error.claim}`, cause);
  }
  if (error instanceof errors.JWKSTimeout || !(error instanceof errors.JOSEError)) return notReached(error);
  const message = "The token's signature or claims do not fit: no key of the identity provider verifies it.";
  return new QueryError('InvalidIdentityToken', message, cause);
}

const notReached = (cause: unknown): QueryError =>
  new QueryError('IDPCommunicationError', "Couldn't retrieve verification key from your identity provider", { cause });

async function keySetOf(deps: WebIdentityDeps, issuer: string): Promise<KeySet> {
  const known = deps.keySets.get(issuer);
  if (known !== undefined) return known;
  if (deps.keySets.size >= MAX_KEY_SETS) deps.keySets.clear();
  const found = discover(deps, issuer);
  deps.keySets.set(issuer, found);
  try {
    return await found;
  } catch (error) {
    deps.keySets.delete(issuer);
    throw error instanceof QueryError ? error : notReached(error);
  }
}

const discovery = z.object({ issuer: z.string(), jwks_uri: z.string() });

async function discover(deps: WebIdentityDeps, issuer: string): Promise<KeySet> {
  const url = `${issuer.replace(/\/$/, '')}/.well-known/openid-configuration`;
  const found = discovery.parse(await (await boundedFetch(deps, url)).json());
  if (found.issuer !== issuer) {
    throw new QueryError('InvalidIdentityToken', `The identity provider calls itself ${found.issuer}, not ${issuer}`);
  }
  return createRemoteJWKSet(new URL(found.jwks_uri), {
    timeoutDuration: TIMEOUT_MS,
    cooldownDuration: COOLDOWN_MS,
    cacheMaxAge: CACHED_MS,
    [customFetch]: (keysUrl) => boundedFetch(deps, keysUrl),
  });
}

/** GET without redirects, of so many bytes at most. */
async function boundedFetch(deps: WebIdentityDeps, url: string): Promise<Response> {
  refuseUnsafe(url, deps.allowHttp);
  const signal = AbortSignal.timeout(TIMEOUT_MS);
  const response = await deps.fetch(url, { redirect: 'error', signal, headers: { accept: 'application/json' } });
  if (!response.ok) throw new Error(`${url} answered ${response.status}`);
  const parts: Uint8Array[] = [];
  let sizeBytes = 0;
  for await (const part of response.body ?? []) {
    sizeBytes += part.byteLength;
    if (sizeBytes > MAX_ANSWER_BYTES) throw new Error(`${url} answered with too much`);
    parts.push(part);
  }
  return new Response(Buffer.concat(parts), { status: 200 });
}

function refuseUnsafe(url: string, allowHttp: boolean): void {
  const { protocol, hostname } = new URL(url);
  if (protocol === 'https:' || (protocol === 'http:' && allowHttp && LOOPBACK.test(hostname))) return;
  throw new Error(`${url} is not asked: only https, and http on loopback where it is allowed`);
}
