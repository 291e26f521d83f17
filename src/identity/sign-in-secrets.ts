// What the sealed secrets of signing in are bound to.
import { identityLabel } from '../metadata/tables/identities.ts';
import type { IdentityProviderRecord, TotpRecord } from '../metadata/tables/sign-in.ts';

export const totpAad = ({ accountId, owner }: Pick<TotpRecord, 'accountId' | 'owner'>): string =>
  `totp/${accountId}/${identityLabel(owner)}`;

export const identityProviderAad = ({
  accountId,
  providerId,
}: Pick<IdentityProviderRecord, 'accountId' | 'providerId'>): string => `identity-provider/${accountId}/${providerId}`;
