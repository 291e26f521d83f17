import type { S3KeyRecord } from '../metadata/tables/identities.ts';

/** A sealed secret opens only for the key, id and account it was made for. */
export function secretAad({ accessKey, id, accountId }: Pick<S3KeyRecord, 'accessKey' | 'id' | 'accountId'>): string {
  return `s3-key/${accountId}/${id}/${accessKey}`;
}
