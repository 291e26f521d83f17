// What a bucket's configurations say about who may use it, parsed once for each of their revisions.
import type { ObjectOwnership, PublicAccessBlock } from '../metadata/tables/access.ts';
import type { BucketRecord } from '../metadata/tables/objects.ts';
import { isPublicGrant } from '../policy/acl.ts';
import { mentionsObjectTags } from '../policy/object-tags.ts';
import { parseResourcePolicy } from '../policy/parse.ts';
import type { Policy } from '../policy/policy.ts';
import type { NamedIdentities } from '../policy/principals.ts';
import { isPublicPolicy } from '../policy/public.ts';
import type { Acl } from '../shared/acl.ts';
import type { SetConfigurations } from '../storage/bucket-configurations.ts';

export type BucketPolicy = {
  readonly policy: Policy;
  readonly users: NamedIdentities;
  readonly isPublic: boolean;
  readonly readsTags: boolean;
};

export type BucketAccess = {
  readonly policy: BucketPolicy | null;
  /** of the bucket, as it was set; null: private */
  readonly acl: Acl | null;
  /** null: not set, ACLs are enabled and objects are their writers' */
  readonly ownership: ObjectOwnership | null;
  /** null: not set, nothing is blocked */
  readonly block: PublicAccessBlock | null;
};

export const allBlocked: PublicAccessBlock = {
  blockPublicAcls: true,
  ignorePublicAcls: true,
  blockPublicPolicy: true,
  restrictPublicBuckets: true,
};

/** ACLs are disabled and nothing can be public: what a bucket is until its owner says otherwise. */
const closed: BucketAccess = { policy: null, acl: null, ownership: 'BucketOwnerEnforced', block: allBlocked };
const legacy: BucketAccess = { policy: null, acl: null, ownership: null, block: null };

const parsed = new WeakMap<SetConfigurations, BucketAccess>();

/** `configurations` are those of the bucket; a set of them always belongs to one bucket. */
export function bucketAccessOf(bucket: BucketRecord, configurations: SetConfigurations): BucketAccess {
  const { policy, acl, ownership, publicAccessBlock } = configurations;
  const defaults = bucket.accessDefaults === 'legacy' ? legacy : closed;
  const isDefault = (policy ?? acl ?? ownership ?? publicAccessBlock) === undefined;
  if (isDefault) return defaults;
  const known = parsed.get(configurations);
  if (known !== undefined) return known;
  const access: BucketAccess = {
    policy: policy === undefined ? null : readPolicy(policy),
    acl: acl?.grants ?? null,
    ownership: ownership === undefined ? defaults.ownership : ownership.ownership,
    block: publicAccessBlock === undefined ? defaults.block : publicAccessBlock.block,
  };
  parsed.set(configurations, access);
  return access;
}

/** What was accepted once and cannot be read any more must not drop a Deny: it denies everything until it is mended. */
function readPolicy({ document, users }: NonNullable<SetConfigurations['policy']>): BucketPolicy {
  const policy = parseOrDeny(document);
  return { policy, users, isPublic: isPublicPolicy(policy), readsTags: mentionsObjectTags(policy) };
}

function parseOrDeny(document: string): Policy {
  try {
    return parseResourcePolicy(document, 'bucket policy');
  } catch {
    const everybody = { principals: [{ kind: 'any' }], actions: ['*'], resources: ['*'], conditions: [] } as const;
    const statement = { sid: 'unreadable', effect: 'Deny', ...everybody } as const;
    return { name: 'bucket policy', variables: false, statements: [statement] };
  }
}

export const aclsEnabled = ({ ownership }: BucketAccess): boolean => ownership !== 'BucketOwnerEnforced';

/** What an ACL still gives: nothing where ACLs are disabled, nothing to the public where that is ignored. */
export function effectiveAcl(access: BucketAccess, acl: Acl | null): Acl | null {
  if (acl === null || !aclsEnabled(access)) return null;
  return access.block?.ignorePublicAcls === true ? acl.filter((grant) => !isPublicGrant(grant)) : acl;
}
