// The first start makes the root account and its project `default`.
import type { ServeConfig } from '../config/config.ts';
import { readFirstLine } from '../config/load.ts';
import { createAccount, listAccounts } from '../identity/accounts.ts';
import type { IdentityDeps } from '../identity/identity-deps.ts';
import { generatePassword } from '../identity/passwords.ts';
import { createProject } from '../projects/projects.ts';

const DEFAULT_QUOTA_BYTES = 30 * 2 ** 30;

export type FirstStart = {
  /** null: it was given in a file, and needs no showing */
  readonly generatedPassword: string | null;
};

/** null when an account exists already: then --root-email and --root-password-file do nothing. */
export async function createRootAccount(deps: IdentityDeps, config: ServeConfig): Promise<FirstStart | null> {
  if ((await listAccounts(deps)).length > 0) return null;
  const given = config.rootPasswordFile ? readFirstLine(config.rootPasswordFile, '--root-password-file') : null;
  const password = given ?? generatePassword();
  const account = await createAccount(deps, { email: config.rootEmail, name: 'Root', password });
  await createProject(deps, {
    accountId: account.accountId,
    name: 'default',
    region: config.regions[0].name,
    class: 'gold',
    quotaBytes: DEFAULT_QUOTA_BYTES,
  });
  return { generatedPassword: given === null ? password : null };
}
