// What an identity provider says about itself, kept for a while.
import {
  allowInsecureRequests,
  clockTolerance,
  ClientSecretBasic,
  ClientSecretPost,
  type ClientAuth,
  Configuration,
  customFetch,
  discovery,
  None,
  type ServerMetadata,
} from 'openid-client';
import { ProblemError } from '../shared/errors.ts';
import { boundedFetch, checkProviderUrl } from './provider-requests.ts';

const KEPT_MS = 10 * 60_000;
const MAX_KEPT = 1000;
const TIMEOUT_SECONDS = 10;
const CLOCKS_DIFFER_SECONDS = 30;

export type DiscoveryDeps = { readonly clock: () => number; readonly allowHttp: boolean };

type Kept = { readonly metadata: ServerMetadata; readonly until: number };

const kept = new Map<string, Kept>();

/** Errors: ProblemError `invalid-issuer` 400, `identity-provider-failed` 424. */
export async function discover({ clock, allowHttp }: DiscoveryDeps, issuer: string): Promise<ServerMetadata> {
  const url = checkProviderUrl(issuer, allowHttp);
  const found = kept.get(issuer);
  if (found !== undefined && found.until > clock()) return found.metadata;
  const metadata = await askProvider(url, allowHttp);
  for (const endpoint of [metadata.authorization_endpoint, metadata.token_endpoint, metadata.jwks_uri]) {
    if (endpoint === undefined) throw providerFailed('it names no authorization, token or key endpoint');
    checkProviderUrl(endpoint, allowHttp);
  }
  if (kept.size >= MAX_KEPT) kept.clear();
  kept.set(issuer, { metadata, until: clock() + KEPT_MS });
  return metadata;
}

export const forgetProvider = (issuer: string): void => void kept.delete(issuer);

async function askProvider(url: URL, allowHttp: boolean): Promise<ServerMetadata> {
  try {
    const configuration = await discovery(url, 'none', undefined, None(), {
      [customFetch]: boundedFetch(allowHttp),
      timeout: TIMEOUT_SECONDS,
      execute: allowHttp ? [allowInsecureRequests] : [],
    });
    return { ...configuration.serverMetadata() };
  } catch (error) {
    throw providerFailed(reasonOf(error), error);
  }
}

export function configurationFor(
  metadata: ServerMetadata,
  client: { readonly clientId: string; readonly secret: string },
  allowHttp: boolean,
): Configuration {
  const auth = authenticationFor(metadata, client.secret);
  const configuration = new Configuration(metadata, client.clientId, { [clockTolerance]: CLOCKS_DIFFER_SECONDS }, auth);
  configuration[customFetch] = boundedFetch(allowHttp);
  configuration.timeout = TIMEOUT_SECONDS;
  if (allowHttp) allowInsecureRequests(configuration);
  return configuration;
}

/** Without a statement of the provider it is Basic (OpenID Connect Discovery 1.0, section 3). */
function authenticationFor(metadata: ServerMetadata, secret: string): ClientAuth {
  if (secret === '') return None();
  const methods = metadata.token_endpoint_auth_methods_supported ?? ['client_secret_basic'];
  return methods.includes('client_secret_basic') ? ClientSecretBasic(secret) : ClientSecretPost(secret);
}

export const providerFailed = (reason: string, cause?: unknown): ProblemError =>
  new ProblemError(424, 'identity-provider-failed', `The identity provider cannot be used: ${reason}.`, { cause });

/** In a few words, without anything that was fetched. */
export function reasonOf(error: unknown): string {
  const chain: unknown[] = [];
  for (let at = error; at instanceof Error && chain.length < 5; at = at.cause) chain.push(at);
  const text = chain.map((each) => (each instanceof Error ? `${each.name} ${each.message}` : '')).join(' ');
  if (/TimeoutError|aborted|timeout/i.test(text)) return 'it does not answer in time';
  if (/ECONNREFUSED|ENOTFOUND|EAI_AGAIN|ECONNRESET|fetch failed/i.test(text)) return 'it cannot be reached';
  if (/certificate|self-signed|CERT_/i.test(text)) return 'its certificate is not trusted';
  if (/issuer/i.test(text)) return 'it names another issuer than the one that was entered';
  return 'it does not answer as an OpenID Connect provider does';
}
