// The first start makes the root account and its project `default`.
import type { ServeConfig } from '../config/config.ts';
import { readFirstLine } from '../config/load.ts';
import { ConfigError } from '../config/sources.ts';
import type { IdentityDeps } from '../identity/identity-deps.ts';
import { bootstrap, hasAccount } from '../projects/bootstrap.ts';
import { recordServedSettings } from '../projects/served-settings.ts';
import { ProblemError } from '../shared/errors.ts';

export type FirstStart = {
  /** null: it was given in a file, and needs no showing */
  readonly generatedPassword: string | null;
};

/** null when an account exists already: then --root-email and --root-password-file do nothing. */
export async function createRootAccount(deps: IdentityDeps, config: ServeConfig): Promise<FirstStart | null> {
  await recordServedSettings(deps);
  if (await hasAccount(deps)) return null;
  const password = config.rootPasswordFile ? readFirstLine(config.rootPasswordFile, '--root-password-file') : undefined;
  const made = await bootstrap(deps, { email: config.rootEmail, password }).catch((error: unknown) => {
    throw error instanceof ProblemError ? namingSetting(error) : error;
  });
  return made === null ? null : { generatedPassword: made.password };
}

function namingSetting(error: ProblemError): ConfigError {
  const setting = error.field === 'email' ? '--root-email' : '--root-password-file';
  return new ConfigError(`${setting}: ${error.message}`, { cause: error });
}
