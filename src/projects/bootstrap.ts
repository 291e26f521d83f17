// The first start: a root account and its project, in one commit, however many processes try.
import { type Account, draftAccount, putNewAccount } from '../identity/accounts.ts';
import type { IdentityDeps } from '../identity/identity-deps.ts';
import { type ProjectRecord, accountRange } from '../metadata/tables/identities.ts';
import { draftProject, putNewProject } from './projects.ts';

/** What a new account begins with. */
export const FIRST_PROJECT = { name: 'default', class: 'gold', quotaBytes: 30 * 2 ** 30 } as const;

export type Bootstrapped = {
  readonly account: Account;
  readonly project: ProjectRecord;
  /** the generated one; null when it was given */
  readonly password: string | null;
};

const firstAccount = { ...accountRange(), limit: 1 };

export const hasAccount = (deps: IdentityDeps): Promise<boolean> =>
  deps.store.read(async (snapshot) => (await snapshot.range(firstAccount)).length > 0);

/** null when there is an account already. */
export async function bootstrap(
  deps: IdentityDeps,
  wanted: { readonly email: string; readonly password?: string | undefined },
): Promise<Bootstrapped | null> {
  if (await hasAccount(deps)) return null;
  const { draft, password } = await draftAccount(deps, wanted);
  return deps.store.transact(async (transaction) => {
    if ((await transaction.range(firstAccount)).length > 0) return null;
    const account = await putNewAccount(transaction, draft);
    const project = draftProject(deps, { accountId: account.accountId, ...FIRST_PROJECT });
    return { account, project: await putNewProject(deps, transaction, project), password };
  });
}
