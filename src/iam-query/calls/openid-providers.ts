// OpenID Connect providers that roles can trust.
import { z } from 'zod';
import { providerArn } from '../../access/temporary-signers.ts';
import {
  changeOpenIdProvider,
  createOpenIdProvider,
  deleteOpenIdProvider,
  findOpenIdProvider,
  listOpenIdProviders,
} from '../../identity/openid-providers.ts';
import { mergeTags, withoutTags } from '../../identity/user-tags.ts';
import type { OpenIdProviderRecord } from '../../metadata/tables/temporary-keys.ts';
import { type CallScope, type DeclaredCall, declareCall } from '../call.ts';
import { noSuchEntity, QueryError } from '../errors.ts';
import { page } from '../paging.ts';
import { arn, fromTags, list, paging, tagKeys, tags, text, toTags } from '../schemas.ts';
import { tagContext } from '../session.ts';
import { providerUrlFault } from '../web-identity.ts';

const clientId = text(1, 255);
/** AWS takes any 40 characters, and so do we: a provider is trusted by its certificate's issuer, not by these. */
const thumbprint = text(40, 40);
const thumbprints = list(thumbprint, 5);

const ask = (action: string) => (input: { readonly OpenIDConnectProviderArn: string }) => [
  { action: `iam:${action}`, resource: input.OpenIDConnectProviderArn },
];

/** The provider's name in this account. Errors: ValidationError, NoSuchEntity. */
function nameIn({ caller }: CallScope, asked: string): string {
  const [, account, name] = /^arn:aws:iam::(\d{12}):oidc-provider\/(.+)$/.exec(asked) ?? [];
  if (name === undefined) throw new QueryError('ValidationError', `ARN ${asked} is not valid.`);
  if (account === caller.accountId) return name;
  throw noSuchProvider(asked);
}

const noSuchProvider = (asked: string): QueryError => noSuchEntity(`OpenIDConnect Provider not found for arn ${asked}`);

async function getProvider(scope: CallScope, asked: string): Promise<OpenIdProviderRecord> {
  const provider = await findOpenIdProvider(scope.services, scope.caller.accountId, nameIn(scope, asked));
  if (provider === undefined) throw noSuchProvider(asked);
  return provider;
}

/** As AWS shows it, without its scheme; `http:`, which AWS does not take, is shown. */
const shownUrl = (url: string): string => url.replace(/^https:\/\//, '');

const create = declareCall({
  service: 'iam',
  name: 'CreateOpenIDConnectProvider',
  input: z.strictObject({
    Url: text(1, 255),
    ClientIDList: list(clientId, 1000).optional(),
    ThumbprintList: thumbprints.optional(),
    Tags: tags.optional(),
  }),
  asks: ({ Url, Tags }, { caller: { accountId } }) => {
    const resource = providerArn({ accountId, url: Url });
    const context = tagContext(toTags(Tags));
    const asks = [{ action: 'iam:CreateOpenIDConnectProvider', resource, context }];
    const tagging = { action: 'iam:TagOpenIDConnectProvider', resource, context };
    return (Tags ?? []).length === 0 ? asks : [...asks, tagging];
  },
  run: async ({ Url, ClientIDList = [], ThumbprintList = [], Tags }, { services, caller: { accountId } }) => {
    const fault = providerUrlFault(Url, services.webIdentity.allowHttp);
    if (fault !== null) throw new QueryError('ValidationError', `Invalid Open ID Connect Provider URL: ${fault}`);
    const facts = { url: Url, clientIds: ClientIDList, thumbprints: ThumbprintList, tags: toTags(Tags) };
    const provider = await createOpenIdProvider(services, { accountId, ...facts });
    return {
      OpenIDConnectProviderArn: providerArn(provider),
      Tags: (provider.tags ?? []).length === 0 ? undefined : fromTags(provider.tags),
    };
  },
});

const get = declareCall({
  service: 'iam',
  name: 'GetOpenIDConnectProvider',
  input: z.strictObject({ OpenIDConnectProviderArn: arn }),
  asks: ask('GetOpenIDConnectProvider'),
  run: async ({ OpenIDConnectProviderArn }, scope) => {
    const {
      url,
      clientIds,
      thumbprints: prints,
      createdAt,
      tags: has,
    } = await getProvider(scope, OpenIDConnectProviderArn);
    return {
      Url: shownUrl(url),
      ClientIDList: clientIds,
      ThumbprintList: prints,
      CreateDate: new Date(createdAt),
      Tags: (has ?? []).length === 0 ? undefined : fromTags(has),
    };
  },
});

const listCall = declareCall({
  service: 'iam',
  name: 'ListOpenIDConnectProviders',
  input: z.strictObject({}),
  asks: (_, { caller: { accountId } }) => [
    { action: 'iam:ListOpenIDConnectProviders', resource: `arn:aws:iam::${accountId}:oidc-provider/` },
  ],
  run: async (_, { services, caller: { accountId } }) => {
    const providers = await listOpenIdProviders(services, accountId);
    return { OpenIDConnectProviderList: providers.map((provider) => ({ Arn: providerArn(provider) })) };
  },
});

const remove = declareCall({
  service: 'iam',
  name: 'DeleteOpenIDConnectProvider',
  input: z.strictObject({ OpenIDConnectProviderArn: arn }),
  asks: ask('DeleteOpenIDConnectProvider'),
  run: async ({ OpenIDConnectProviderArn }, scope) => {
    await getProvider(scope, OpenIDConnectProviderArn);
    await deleteOpenIdProvider(scope.services, scope.caller.accountId, nameIn(scope, OpenIDConnectProviderArn));
    return null;
  },
});

type Change = Parameters<typeof changeOpenIdProvider>[3];

async function change(scope: CallScope, asked: string, how: Change): Promise<null> {
  await getProvider(scope, asked);
  await changeOpenIdProvider(scope.services, scope.caller.accountId, nameIn(scope, asked), how);
  return null;
}

const addClientId = declareCall({
  service: 'iam',
  name: 'AddClientIDToOpenIDConnectProvider',
  input: z.strictObject({ OpenIDConnectProviderArn: arn, ClientID: clientId }),
  asks: ask('AddClientIDToOpenIDConnectProvider'),
  run: ({ OpenIDConnectProviderArn, ClientID }, scope) =>
    change(scope, OpenIDConnectProviderArn, ({ clientIds }) => ({ clientIds: [...clientIds, ClientID] })),
});

const removeClientId = declareCall({
  service: 'iam',
  name: 'RemoveClientIDFromOpenIDConnectProvider',
  input: z.strictObject({ OpenIDConnectProviderArn: arn, ClientID: clientId }),
  asks: ask('RemoveClientIDFromOpenIDConnectProvider'),
  run: ({ OpenIDConnectProviderArn, ClientID }, scope) =>
    change(scope, OpenIDConnectProviderArn, ({ clientIds }) => ({
      clientIds: clientIds.filter((each) => each !== ClientID),
    })),
});

const updateThumbprint = declareCall({
  service: 'iam',
  name: 'UpdateOpenIDConnectProviderThumbprint',
  input: z.strictObject({ OpenIDConnectProviderArn: arn, ThumbprintList: thumbprints }),
  asks: ask('UpdateOpenIDConnectProviderThumbprint'),
  run: ({ OpenIDConnectProviderArn, ThumbprintList }, scope) =>
    change(scope, OpenIDConnectProviderArn, () => ({ thumbprints: ThumbprintList })),
});

const tag = declareCall({
  service: 'iam',
  name: 'TagOpenIDConnectProvider',
  input: z.strictObject({ OpenIDConnectProviderArn: arn, Tags: tags }),
  asks: ask('TagOpenIDConnectProvider'),
  run: ({ OpenIDConnectProviderArn, Tags }, scope) =>
    change(scope, OpenIDConnectProviderArn, ({ tags: has = [] }) => ({ tags: mergeTags(has, toTags(Tags)) })),
});

const untag = declareCall({
  service: 'iam',
  name: 'UntagOpenIDConnectProvider',
  input: z.strictObject({ OpenIDConnectProviderArn: arn, TagKeys: tagKeys }),
  asks: ask('UntagOpenIDConnectProvider'),
  run: ({ OpenIDConnectProviderArn, TagKeys }, scope) =>
    change(scope, OpenIDConnectProviderArn, ({ tags: has = [] }) => ({ tags: withoutTags(has, TagKeys) })),
});

const listTags = declareCall({
  service: 'iam',
  name: 'ListOpenIDConnectProviderTags',
  input: z.strictObject({ OpenIDConnectProviderArn: arn, ...paging }),
  asks: ask('ListOpenIDConnectProviderTags'),
  run: async (input, scope) => {
    const { tags: has = [] } = await getProvider(scope, input.OpenIDConnectProviderArn);
    const { items, more } = page(has, ({ key }) => key, input);
    return { Tags: fromTags(items), ...more };
  },
});

export const openIdProviderCalls: readonly DeclaredCall[] = [
  create,
  get,
  listCall,
  remove,
  addClientId,
  removeClientId,
  updateThumbprint,
  tag,
  untag,
  listTags,
];
