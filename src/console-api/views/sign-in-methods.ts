// What the sign-in page offers beside passwords. Identity providers belong to an account: they are shown for the root
// e-mail that was entered, and at once where there is only one account.
import { findAccount, findOnlyAccount } from '../../identity/accounts.ts';
import { readProviders } from '../../federation/identity-providers.ts';
import type { ConsoleDeps } from '../console-deps.ts';
import type { SignInMethods } from '../contract/sign-in.ts';

export async function readSignInMethods(deps: ConsoleDeps, rootEmail: string | undefined): Promise<SignInMethods> {
  const { store } = deps.identity;
  const account =
    rootEmail === undefined ? await findOnlyAccount(deps.identity) : await findAccount(deps.identity, rootEmail);
  const records =
    account?.status === 'active' ? await store.read((snapshot) => readProviders(snapshot, account.accountId)) : [];
  const providers = records
    .filter(({ status }) => status === 'active')
    .map(({ accountId, providerId, name }) => ({ accountId, providerId, name }))
    .toSorted((a, b) => a.name.localeCompare(b.name, 'en'));
  return { passwordReset: deps.mailEnabled, selfSignUp: deps.mailEnabled && deps.selfSignUp, providers };
}
