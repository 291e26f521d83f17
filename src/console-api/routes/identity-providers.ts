// The identity providers of the account. Mapping groups to policies attaches policies, and is asked for as such.
import {
  createProvider,
  deleteProvider,
  findProvider,
  type IdentityProvider,
  listProviders,
  MAX_IDENTITY_PROVIDERS,
  type ProviderDeps,
  type ProviderFields,
  updateProvider,
} from '../../federation/identity-providers.ts';
import { discover, forgetProvider } from '../../federation/discovery.ts';
import { nothing, refusals } from '../answers.ts';
import { type Caller, callerOf, demand, may } from '../caller.ts';
import type { Api, ConsoleDeps } from '../console-deps.ts';
import {
  createIdentityProviderRequest,
  identityProviderList,
  identityProviderParams,
  identityProviderTest,
  type IdentityProviderView,
  identityProviderView,
  testIdentityProviderRequest,
  updateIdentityProviderRequest,
} from '../contract/sign-in.ts';
import { isoTime } from '../views/times.ts';
import { redirectUriOf } from './session.ts';

const tags = ['Sign-in'];
const actions = [
  'vstorage:CreateIdentityProvider',
  'vstorage:UpdateIdentityProvider',
  'vstorage:DeleteIdentityProvider',
  'vstorage:AttachPolicy',
] as const;

const providerDeps = ({ identity, oidcAllowHttp }: ConsoleDeps): ProviderDeps => ({
  ...identity,
  allowHttp: oidcAllowHttp,
});

function view(shown: IdentityProvider): IdentityProviderView {
  const { providerId, accountId: _, createdAt, updatedAt, ...provider } = shown;
  return {
    id: providerId,
    ...provider,
    scopes: [...provider.scopes],
    groupMappings: provider.groupMappings.map(({ group, policies }) => ({ group, policies: [...policies] })),
    createdAt: isoTime(createdAt),
    updatedAt: isoTime(updatedAt),
  };
}

type Change = { readonly groupMappings?: readonly unknown[] | undefined; readonly matchExisting?: boolean | undefined };

/** Either would let the provider's people have rights that the caller could not give. */
function demandForRights(caller: Caller, { groupMappings = [], matchExisting = false }: Change): void {
  if (groupMappings.length > 0) demand(caller, 'vstorage:AttachPolicy', '*');
  if (matchExisting) demand(caller, 'vstorage:UpdateUser', '*');
}

export function identityProviderRoutes(api: Api, deps: ConsoleDeps): void {
  const providers = providerDeps(deps);
  const response = { 200: identityProviderView, ...refusals };
  api.get(
    '/identity-providers',
    {
      config: { access: { action: 'vstorage:ListIdentityProviders' }, audit: 'ListIdentityProviders' },
      schema: { tags, summary: 'The identity providers', response: { 200: identityProviderList, ...refusals } },
    },
    async (request) => {
      const caller = callerOf(request);
      const found = await listProviders(providers, caller.identity.accountId);
      const allowedActions = actions.filter((action) => may(caller, action, '*'));
      return {
        items: found.map(view),
        redirectUri: redirectUriOf(request),
        max: MAX_IDENTITY_PROVIDERS,
        allowedActions,
      };
    },
  );
  api.post(
    '/identity-providers',
    {
      config: { access: { action: 'vstorage:CreateIdentityProvider' }, audit: 'CreateIdentityProvider' },
      schema: {
        tags,
        summary: 'Add an identity provider (OpenID Connect)',
        body: createIdentityProviderRequest,
        response: { 201: identityProviderView, ...refusals },
      },
    },
    async (request, reply) => {
      const caller = callerOf(request);
      demandForRights(caller, request.body);
      const { clientSecret = null, ...fields } = request.body;
      const made = await createProvider(providers, caller.identity.accountId, { clientSecret, ...fields });
      return await reply.code(201).send(view(made));
    },
  );
  api.post(
    '/identity-providers/test',
    {
      config: { access: { action: 'vstorage:CreateIdentityProvider' }, audit: 'TestIdentityProvider' },
      schema: {
        tags,
        summary: 'Ask a provider what it says about itself',
        body: testIdentityProviderRequest,
        response: { 200: identityProviderTest, ...refusals },
      },
    },
    async (request) => {
      const { issuer } = request.body;
      forgetProvider(issuer);
      const metadata = await discover({ clock: deps.identity.clock, allowHttp: deps.oidcAllowHttp }, issuer);
      return {
        issuer: metadata.issuer,
        authorizationEndpoint: metadata.authorization_endpoint ?? '',
        tokenEndpoint: metadata.token_endpoint ?? '',
        scopesSupported: [...(metadata.scopes_supported ?? [])],
        claimsSupported: [...(metadata.claims_supported ?? [])],
      };
    },
  );
  api.get(
    '/identity-providers/:id',
    {
      config: { access: { action: 'vstorage:ListIdentityProviders' }, audit: 'GetIdentityProvider' },
      schema: { tags, summary: 'One identity provider', params: identityProviderParams, response },
    },
    async (request) => view(await findProvider(providers, callerOf(request).identity.accountId, request.params.id)),
  );
  api.patch(
    '/identity-providers/:id',
    {
      config: { access: { action: 'vstorage:UpdateIdentityProvider' }, audit: 'UpdateIdentityProvider' },
      schema: {
        tags,
        summary: 'Change an identity provider; what is not given stays, the secret too',
        params: identityProviderParams,
        body: updateIdentityProviderRequest,
        response,
      },
    },
    async (request) => {
      const caller = callerOf(request);
      const { accountId } = caller.identity;
      const { id } = request.params;
      const present = await findProvider(providers, accountId, id);
      // another issuer or claim gives the rights that are mapped to other people
      demandForRights(caller, { ...present, ...given(request.body) });
      return view(await updateProvider(providers, { accountId, id }, given(request.body)));
    },
  );
  api.delete(
    '/identity-providers/:id',
    {
      config: { access: { action: 'vstorage:DeleteIdentityProvider' }, audit: 'DeleteIdentityProvider' },
      schema: {
        tags,
        summary: 'Remove an identity provider; the IAM users it has made stay',
        params: identityProviderParams,
        response: { 204: nothing, ...refusals },
      },
    },
    async (request, reply) => {
      await deleteProvider(providers, callerOf(request).identity.accountId, request.params.id);
      return await reply.code(204).send(null);
    },
  );
}

const given = (change: object): Partial<ProviderFields> =>
  Object.fromEntries(Object.entries(change).filter(([, value]) => value !== undefined));
