// What the Query APIs need from the rest of the program; build.ts makes it.
import type { KeyUseMemory } from '../identity/key-use.ts';
import type { IdentityDeps } from '../identity/identity-deps.ts';
import type { WebIdentityDeps } from './web-identity.ts';

export type QueryServices = IdentityDeps & {
  readonly keyUses: KeyUseMemory;
  readonly webIdentity: WebIdentityDeps;
};
