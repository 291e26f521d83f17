// Owners as listings show them: of each object where ACLs are enabled, else always the bucket's.
import { aclsEnabled } from '../../access/bucket-access.ts';
import { readOwnerNames } from '../../access/owner-names.ts';
import type { ObjectAccess } from '../../metadata/tables/objects.ts';
import type { OperationContext } from '../operation.ts';
import { requireAccess, requireBucket } from '../require.ts';
import { ownerXml } from './acl-xml.ts';

/** The `<Owner>` of a listed thing; a delete marker is the bucket owner's. */
export type OwnerXml = (listed: Pick<ObjectAccess, 'ownerCanonicalId'>) => string;

export const noOwners: OwnerXml = () => '';

export async function readListedOwners(
  context: OperationContext,
  listed: Iterable<Pick<ObjectAccess, 'ownerCanonicalId'>>,
): Promise<OwnerXml> {
  const { ownerCanonicalId: bucketOwner } = requireBucket(context);
  const enabled = aclsEnabled(requireAccess(context));
  const others = enabled ? Array.from(listed, ({ ownerCanonicalId }) => ownerCanonicalId ?? bucketOwner) : [];
  const ids = [...new Set([bucketOwner, ...others])];
  const names = await readOwnerNames(context.services, ids);
  const xml = new Map(ids.map((id) => [id, ownerXml(id, names)]));
  return ({ ownerCanonicalId }) => xml.get(enabled ? (ownerCanonicalId ?? bucketOwner) : bucketOwner) ?? '';
}
