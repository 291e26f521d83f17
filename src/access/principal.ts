// Who asks, with everything needed to decide, loaded at one authorization epoch.
import type { AccessKey, AccountId, ProjectId, S3KeyId, UserId } from '../shared/ids.ts';
import type { Policy } from '../policy/policy.ts';
import type { Restriction } from './key-restriction.ts';

export type Identity =
  | { readonly type: 'root'; readonly accountId: AccountId; readonly canonicalId: string; readonly name: string }
  | {
      readonly type: 'user';
      readonly accountId: AccountId;
      readonly canonicalId: string;
      readonly userId: UserId;
      readonly name: string;
      readonly policies: readonly Policy[];
    };

export type Principal =
  | { readonly kind: 'anonymous' }
  /** a signed S3 request: the creator's rights, inside the key's project */
  | {
      readonly kind: 's3-key';
      readonly identity: Identity;
      readonly keyId: S3KeyId;
      readonly accessKey: AccessKey;
      readonly projectId: ProjectId;
      /** in the trash: nothing of the project can be reached */
      readonly projectTrashed: boolean;
      /** the epoch its rights were read at: a long upload checks it again inside its commit */
      readonly epoch: bigint;
      /** of the key itself: narrows whatever else allows */
      readonly restriction: Restriction | null;
    }
  /** somebody signed in to the console */
  | { readonly kind: 'session'; readonly identity: Identity };
