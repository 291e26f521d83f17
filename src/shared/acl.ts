// Access control lists, as they are stored and decided upon.

export type AclPermission = 'READ' | 'WRITE' | 'READ_ACP' | 'WRITE_ACP' | 'FULL_CONTROL';

export type AclGroup = 'AllUsers' | 'AuthenticatedUsers' | 'LogDelivery';

/** `account` is known by its canonical id. */
export type AclGrantee =
  | { readonly type: 'account'; readonly canonicalId: string }
  | { readonly type: 'group'; readonly group: AclGroup };

export type AclGrant = { readonly grantee: AclGrantee; readonly permission: AclPermission };

/** In the order given; without a list of its own a bucket or object is its owner's alone. */
export type Acl = readonly AclGrant[];
