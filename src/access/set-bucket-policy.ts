// Setting a bucket's policy, for whoever is asked to: the S3 API and the console take the same documents.
import type { MetadataStore } from '../metadata/metadata-store.ts';
import type { BucketRecord } from '../metadata/tables/objects.ts';
import type { Policy } from '../policy/policy.ts';
import { isPublicPolicy } from '../policy/public.ts';
import { S3Error } from '../shared/errors.ts';
import { changeBucket, putConfiguration } from '../storage/bucket-configurations.ts';
import type { Guard } from '../storage/storage-deps.ts';
import type { BucketAccess } from './bucket-access.ts';
import { findNamedIdentities } from './named-identities.ts';

type Deps = { readonly store: MetadataStore };

/** Errors: AccessDenied. */
export function refusePublicPolicy({ block }: BucketAccess, policy: Policy): void {
  if (block?.blockPublicPolicy !== true || !isPublicPolicy(policy)) return;
  throw new S3Error('AccessDenied', {
    message: 'Access Denied: public policies are prevented by the BlockPublicPolicy setting in S3 Block Public Access.',
  });
}

/** `policy` is what `parseBucketPolicy` made of the document. Errors: UnknownPrincipalError. */
export async function setBucketPolicy(
  deps: Deps,
  options: {
    readonly bucket: BucketRecord;
    readonly document: string;
    readonly policy: Policy;
    readonly guard: Guard;
  },
): Promise<void> {
  const { document, policy } = options;
  await changeBucket(deps, options, async (current, transaction) => {
    const users = await findNamedIdentities(transaction, policy);
    putConfiguration(transaction, current.bucketId, 'policy', { v: 1, document, users });
    return current;
  });
}

/** Names no principal that is nobody. Errors: UnknownPrincipalError. */
export async function checkPrincipals({ store }: Deps, policy: Policy): Promise<void> {
  await store.read((snapshot) => findNamedIdentities(snapshot, policy));
}

export async function removeBucketPolicy(
  deps: Deps,
  options: { readonly bucket: BucketRecord; readonly guard: Guard },
): Promise<void> {
  await changeBucket(deps, options, async (current, transaction) => {
    putConfiguration(transaction, current.bucketId, 'policy', null);
    return current;
  });
}
