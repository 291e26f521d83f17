// The ACL a request asks for: by a canned name, by grants in headers, or as XML.
// https://docs.aws.amazon.com/AmazonS3/latest/userguide/acl-overview.html
import { checkCount, type RequestedGrant, type RequestedGrantee } from '../../access/grantees.ts';
import type { AclPermission } from '../../shared/acl.ts';
import { S3Error } from '../../shared/errors.ts';
import type { S3Request } from '../operation.ts';
import { findHeader, invalidArgument } from '../parameters.ts';

export const cannedAcls = [
  'private',
  'public-read',
  'public-read-write',
  'authenticated-read',
  'aws-exec-read',
  'bucket-owner-read',
  'bucket-owner-full-control',
  'log-delivery-write',
] as const;
export type CannedAcl = (typeof cannedAcls)[number];

export type RequestedAcl =
  | { readonly kind: 'canned'; readonly name: CannedAcl }
  /** `ownerId` as the XML names it; null: from headers */
  | { readonly kind: 'grants'; readonly grants: readonly RequestedGrant[]; readonly ownerId: string | null };

const grantHeaders: readonly (readonly [header: string, permission: AclPermission])[] = [
  ['x-amz-grant-read', 'READ'],
  ['x-amz-grant-write', 'WRITE'],
  ['x-amz-grant-read-acp', 'READ_ACP'],
  ['x-amz-grant-write-acp', 'WRITE_ACP'],
  ['x-amz-grant-full-control', 'FULL_CONTROL'],
];

/** null: the headers ask for none. */
export function findRequestedAcl(request: S3Request): RequestedAcl | null {
  const canned = parseCanned('x-amz-acl', findHeader(request, 'x-amz-acl'));
  const grants = grantHeaders.flatMap(([header, permission]) => {
    const value = findHeader(request, header);
    return value === undefined ? [] : parseGrantees(header, value).map((grantee) => ({ grantee, permission }));
  });
  if (grants.length === 0) return canned;
  if (canned === null) return { kind: 'grants', grants: checkCount(grants), ownerId: null };
  throw new S3Error('InvalidRequest', { message: 'Specifying both Canned ACLs and Header Grants is not allowed.' });
}

/** `field` is where it stands, for the error: a header, or a field of a form. */
export function parseCanned(field: string, text: string | undefined): RequestedAcl | null {
  if (text === undefined || text === '') return null;
  const name = cannedAcls.find((known) => known === text);
  if (name === undefined) throw invalidArgument(field, text, '');
  return { kind: 'canned', name };
}

const GRANTEE = /^\s*(id|uri|emailaddress)\s*=\s*(?:"([^"]*)"|([^",]*?))\s*$/i;
const NAMES = { id: 'id', uri: 'uri', emailaddress: 'emailAddress' } as const;

function parseGrantees(header: string, text: string): RequestedGrantee[] {
  return text.split(',').map((part) => {
    const [, kind = '', quotedValue, bareValue] = GRANTEE.exec(part) ?? [];
    const by = Object.entries(NAMES).find(([name]) => name === kind.toLowerCase())?.[1];
    const value = quotedValue ?? bareValue ?? '';
    if (by === undefined || value === '') throw invalidArgument(header, text, 'Argument format not recognized');
    return { by, value };
  });
}
