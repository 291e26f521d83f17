import type { Limits } from '../config/config.ts';
import type { MetadataStore } from '../metadata/metadata-store.ts';
import type { Clock } from '../shared/clock.ts';
import type { Region } from '../shared/ids.ts';
import type { MasterKey } from './sealing.ts';

export type IdentityDeps = {
  readonly store: MetadataStore;
  readonly clock: Clock;
  readonly masterKey: MasterKey;
  readonly limits: Limits;
  /** first is the default */
  readonly regionNames: readonly [Region, ...Region[]];
};
