// Access control lists as XML. https://docs.aws.amazon.com/AmazonS3/latest/API/API_AccessControlPolicy.html
import { checkCount, groupUris, type RequestedGrant, type RequestedGrantee } from '../../access/grantees.ts';
import type { OwnerNames } from '../../access/owner-names.ts';
import type { AclGrant, AclPermission } from '../../shared/acl.ts';
import { S3Error } from '../../shared/errors.ts';
import type { XmlElement } from '../xml/read.ts';
import { childrenNamed, childText, findChild, readXml } from '../xml/read.ts';
import { element, group, resultDocument } from '../xml/write.ts';
import type { RequestedAcl } from './requested-acl.ts';

const PERMISSIONS: readonly AclPermission[] = ['READ', 'WRITE', 'READ_ACP', 'WRITE_ACP', 'FULL_CONTROL'];

const malformed = (): S3Error => new S3Error('MalformedACLError');

export function parseAclXml(bytes: Uint8Array): RequestedAcl & { readonly kind: 'grants' } {
  const root = readRoot(bytes);
  const owner = findChild(root, 'Owner');
  const ownerId = owner === undefined ? undefined : childText(owner, 'ID')?.trim();
  const list = findChild(root, 'AccessControlList');
  if (ownerId === undefined || list === undefined) throw malformed();
  return { kind: 'grants', grants: checkCount(childrenNamed(list, 'Grant').map(parseGrant)), ownerId };
}

function readRoot(bytes: Uint8Array): XmlElement {
  try {
    return readXml(bytes, 'AccessControlPolicy');
  } catch (error) {
    throw error instanceof S3Error ? malformed() : error;
  }
}

export function parseGrant(grant: XmlElement): RequestedGrant {
  const grantee = findChild(grant, 'Grantee');
  const permission = PERMISSIONS.find((known) => known === childText(grant, 'Permission')?.trim());
  if (grantee === undefined || permission === undefined) throw malformed();
  return { grantee: parseGrantee(grantee), permission };
}

/** The type is told by what is inside; the attribute that repeats it is not looked at. */
function parseGrantee(grantee: XmlElement): RequestedGrantee {
  const kinds = [
    ['id', 'ID'],
    ['uri', 'URI'],
    ['emailAddress', 'EmailAddress'],
  ] as const;
  for (const [by, name] of kinds) {
    const value = childText(grantee, name)?.trim();
    if (value !== undefined) return { by, value };
  }
  throw malformed();
}

const XSI = 'xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance"';

export function grantXml({ grantee, permission }: AclGrant, names: OwnerNames): string {
  const inner =
    grantee.type === 'group' ? element('URI', groupUris[grantee.group]) : personXml(grantee.canonicalId, names);
  const type = grantee.type === 'group' ? 'Group' : 'CanonicalUser';
  return group('Grant', `<Grantee ${XSI} xsi:type="${type}">${inner}</Grantee>`, element('Permission', permission));
}

const personXml = (canonicalId: string, names: OwnerNames): string =>
  element('ID', canonicalId) + element('DisplayName', names.get(canonicalId));

export const ownerXml = (canonicalId: string, names: OwnerNames): string =>
  group('Owner', personXml(canonicalId, names));

export function aclXml(ownerCanonicalId: string, grants: readonly AclGrant[], names: OwnerNames): string {
  // groups first, then accounts, each in the order they were set
  const ordered = grants.toSorted((a, b) => Number(a.grantee.type !== 'group') - Number(b.grantee.type !== 'group'));
  const list = group('AccessControlList', ...ordered.map((grant) => grantXml(grant, names)));
  return resultDocument('AccessControlPolicy', ownerXml(ownerCanonicalId, names), list);
}
