// Signing in through an identity provider: OpenID Connect's authorization code flow with state, nonce and PKCE. What
// must be remembered while the browser is away is in a sealed token that the browser keeps in a cookie.
import {
  AuthorizationResponseError,
  authorizationCodeGrant,
  buildAuthorizationUrl,
  calculatePKCECodeChallenge,
  type Configuration,
  fetchUserInfo,
  randomNonce,
  randomPKCECodeVerifier,
  randomState,
  ResponseBodyError,
} from 'openid-client';
import { openSealed } from '../identity/sealing.ts';
import { openToken, sealToken } from '../identity/sealed-tokens.ts';
import type { Client, SessionDeps } from '../identity/sessions.ts';
import type { SignedIn } from '../identity/open-session.ts';
import type { IdentityDeps } from '../identity/identity-deps.ts';
import { identityProviderAad } from '../identity/sign-in-secrets.ts';
import type { IdentityProviderRecord } from '../metadata/tables/sign-in.ts';
import { ProblemError } from '../shared/errors.ts';
import type { AccountId } from '../shared/ids.ts';
import { type Claims, readClaims } from './claims.ts';
import { configurationFor, discover, providerFailed, reasonOf } from './discovery.ts';
import { signInFederatedUser } from './federated-users.ts';
import { readProvider } from './identity-providers.ts';

export type OidcDeps = SessionDeps & Pick<IdentityDeps, 'limits'> & { readonly allowHttp: boolean };

type Away = {
  readonly accountId: AccountId;
  readonly providerId: string;
  readonly state: string;
  readonly nonce: string;
  readonly verifier: string;
  readonly redirectUri: string;
};

export const AWAY_MS = 10 * 60_000;

export type Departure = {
  /** where the browser goes */
  readonly url: string;
  /** what it brings back */
  readonly away: string;
};

/** Errors: ProblemError `no-such-provider` 404, `identity-provider-failed` 424. */
export async function beginOidcSignIn(
  deps: OidcDeps,
  wanted: { readonly accountId: AccountId; readonly providerId: string; readonly redirectUri: string },
): Promise<Departure> {
  const provider = await activeProvider(deps, wanted.accountId, wanted.providerId);
  const configuration = await configure(deps, provider);
  const away: Away = {
    ...wanted,
    state: randomState(),
    nonce: randomNonce(),
    verifier: randomPKCECodeVerifier(),
  };
  const url = buildAuthorizationUrl(configuration, {
    redirect_uri: wanted.redirectUri,
    scope: provider.scopes.join(' '),
    state: away.state,
    nonce: away.nonce,
    code_challenge: await calculatePKCECodeChallenge(away.verifier),
    code_challenge_method: 'S256',
  });
  const expiresAt = deps.clock() + AWAY_MS;
  return { url: url.href, away: sealToken(deps.masterKey, 'oidc-sign-in', away, expiresAt) };
}

/** Where somebody wanted to sign in; undefined: nobody left for a provider. */
export async function accountOfDeparture(deps: OidcDeps, away: string | undefined): Promise<AccountId | undefined> {
  if (away === undefined) return undefined;
  return (await openToken<Away>(deps.masterKey, 'oidc-sign-in', away, deps.clock()))?.accountId;
}

async function activeProvider(deps: OidcDeps, accountId: AccountId, id: string): Promise<IdentityProviderRecord> {
  const provider = await deps.store.read((snapshot) => readProvider(snapshot, accountId, id));
  if (provider?.status === 'active') return provider;
  throw new ProblemError(404, 'no-such-provider', 'This way to sign in is not offered any more.');
}

async function configure(deps: OidcDeps, provider: IdentityProviderRecord): Promise<Configuration> {
  const metadata = await discover(deps, provider.issuer);
  const secret = await openSealed(deps.masterKey, provider.sealedSecret, identityProviderAad(provider));
  return configurationFor(metadata, { clientId: provider.clientId, secret }, deps.allowHttp);
}

/**
 * `query`: what the provider added to the redirect URI.
 * Errors: ProblemError `sign-in-expired` 401, `identity-provider-refused` 401, `identity-provider-failed` 424,
 * `account-disabled` 403 and those of federated-users.ts.
 */
export async function finishOidcSignIn(
  deps: OidcDeps,
  back: { readonly away: string | undefined; readonly query: string },
  client: Client,
): Promise<SignedIn> {
  const away =
    back.away === undefined
      ? undefined
      : await openToken<Away>(deps.masterKey, 'oidc-sign-in', back.away, deps.clock());
  if (away === undefined) {
    throw new ProblemError(
      401,
      'sign-in-expired',
      'The sign-in took too long, or began in another browser. Try again.',
    );
  }
  const provider = await activeProvider(deps, away.accountId, away.providerId);
  const configuration = await configure(deps, provider);
  const claims = await redeem(configuration, provider, away, back.query);
  return signInFederatedUser(deps, provider, claims, client);
}

async function redeem(
  configuration: Configuration,
  provider: IdentityProviderRecord,
  away: Away,
  query: string,
): Promise<Claims> {
  const url = new URL(away.redirectUri);
  url.search = query;
  try {
    const tokens = await authorizationCodeGrant(configuration, url, {
      expectedState: away.state,
      expectedNonce: away.nonce,
      pkceCodeVerifier: away.verifier,
      idTokenExpected: true,
    });
    const idToken = tokens.claims();
    if (idToken === undefined) throw providerFailed('it sent no ID token');
    const told = readClaims(provider, idToken);
    if (told.isComplete || configuration.serverMetadata().userinfo_endpoint === undefined) return told;
    const more = await fetchUserInfo(configuration, tokens.access_token, idToken.sub);
    return readClaims(provider, { ...more, ...idToken });
  } catch (error) {
    throw asProblem(error);
  }
}

function asProblem(error: unknown): ProblemError {
  if (error instanceof ProblemError) return error;
  if (error instanceof AuthorizationResponseError || error instanceof ResponseBodyError) {
    const code = error.error.slice(0, 64).replaceAll(/[^\w.-]/g, '');
    const message = `The identity provider refused to sign you in (${code}).`;
    return new ProblemError(401, 'identity-provider-refused', message, { cause: error });
  }
  const reason = reasonOf(error);
  const unreachable = /reached|in time|certificate/.test(reason);
  if (unreachable) return providerFailed(reason, error);
  const message = 'What the identity provider sent back does not belong to this sign-in, or cannot be verified.';
  return new ProblemError(401, 'identity-provider-refused', message, { cause: error });
}
