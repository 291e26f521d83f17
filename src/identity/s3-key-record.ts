import type { IdentityRef, S3KeyRecord } from '../metadata/tables/identities.ts';

/** A sealed secret opens only for the key, id and account it was made for. */
export function secretAad({ accessKey, id, accountId }: Pick<S3KeyRecord, 'accessKey' | 'id' | 'accountId'>): string {
  return `s3-key/${accountId}/${id}/${accessKey}`;
}

/** Whose rights it has, and with whom it lives and dies. */
export function ownerOfKey({
  creator,
  serviceAccountId,
}: Pick<S3KeyRecord, 'creator' | 'serviceAccountId'>): IdentityRef {
  const isAttached = serviceAccountId !== undefined && serviceAccountId !== null;
  return isAttached ? { type: 'service-account', serviceAccountId } : creator;
}
