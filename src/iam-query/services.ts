// What the Query APIs need from the rest of the program; build.ts makes it.
import type { KeyUseMemory } from '../identity/key-use.ts';
import type { IdentityDeps } from '../identity/identity-deps.ts';

export type QueryServices = IdentityDeps & { readonly keyUses: KeyUseMemory };
