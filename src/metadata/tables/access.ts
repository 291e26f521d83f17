// Who may do what with a bucket and its objects, as it stands in their records.
import type { Acl } from '../../shared/acl.ts';
import type { RoleId, ServiceAccountId, UserId } from '../../shared/ids.ts';

export type BucketAclConfiguration = { readonly v: 1; readonly grants: Acl };

export type BucketPolicyConfiguration = {
  readonly v: 1;
  /** as it was sent */
  readonly document: string;
  /**
   * The IAM users, service accounts and roles it names, by the principal as written: one made later under the same
   * name is somebody else.
   */
  readonly users: Readonly<Record<string, UserId | ServiceAccountId | RoleId>>;
};

export type ObjectOwnership = 'BucketOwnerEnforced' | 'BucketOwnerPreferred' | 'ObjectWriter';

/** null: taken away, which is not the same as never set (see BucketRecord.accessDefaults) */
export type OwnershipConfiguration = { readonly v: 1; readonly ownership: ObjectOwnership | null };

export type PublicAccessBlock = {
  readonly blockPublicAcls: boolean;
  readonly ignorePublicAcls: boolean;
  readonly blockPublicPolicy: boolean;
  readonly restrictPublicBuckets: boolean;
};

/** null: taken away */
export type PublicAccessBlockConfiguration = { readonly v: 1; readonly block: PublicAccessBlock | null };
