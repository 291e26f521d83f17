import type { IdentityProviderView } from '../../../../src/console-api/contract/sign-in.ts';

/** What the form holds; the stored secret is never among it. */
export type ProviderDraft = Pick<
  IdentityProviderView,
  | 'name'
  | 'issuer'
  | 'clientId'
  | 'scopes'
  | 'usernameClaim'
  | 'emailClaim'
  | 'groupsClaim'
  | 'groupMappings'
  | 'autoCreate'
  | 'matchExisting'
> & { secret: string };

const usual: ProviderDraft = {
  name: '',
  issuer: '',
  clientId: '',
  secret: '',
  scopes: ['openid', 'profile', 'email'],
  usernameClaim: 'preferred_username',
  emailClaim: 'email',
  groupsClaim: 'groups',
  groupMappings: [],
  autoCreate: true,
  matchExisting: false,
};

export function draftOf(provider: IdentityProviderView | null): ProviderDraft {
  if (provider === null) return usual;
  const { name, issuer, clientId, scopes, usernameClaim, emailClaim, groupsClaim } = provider;
  const { groupMappings, autoCreate, matchExisting } = provider;
  const claims = { usernameClaim, emailClaim, groupsClaim };
  return { name, issuer, clientId, secret: '', scopes, ...claims, groupMappings, autoCreate, matchExisting };
}

export const isComplete = ({
  name,
  issuer,
  clientId,
  usernameClaim,
  emailClaim,
  groupsClaim,
}: ProviderDraft): boolean =>
  [name, issuer, clientId, usernameClaim, emailClaim, groupsClaim].every((text) => text.trim() !== '');

/** An empty secret of a provider that is there leaves what is stored. */
export function requestOf({ secret, groupMappings, ...draft }: ProviderDraft, isNew: boolean) {
  const kept = groupMappings.filter(({ group, policies }) => group.trim() !== '' && policies.length > 0);
  return {
    ...draft,
    name: draft.name.trim(),
    issuer: draft.issuer.trim(),
    clientId: draft.clientId.trim(),
    usernameClaim: draft.usernameClaim.trim(),
    emailClaim: draft.emailClaim.trim(),
    groupsClaim: draft.groupsClaim.trim(),
    groupMappings: kept.map((mapping) => ({ ...mapping, group: mapping.group.trim() })),
    ...(secret === '' && !isNew ? {} : { clientSecret: secret === '' ? null : secret }),
  };
}
