// Whom a requested grant means, looked up: groups by their URI, accounts by canonical id or by the owner's e-mail.
import type { MetadataStore, Snapshot } from '../metadata/metadata-store.ts';
import {
  accountByCanonicalIdKey,
  accountByEmailKey,
  type AccountRecord,
  accountKey,
} from '../metadata/tables/identities.ts';
import { decodeRecord } from '../metadata/tables/record.ts';
import type { Acl, AclGrantee, AclGroup, AclPermission } from '../shared/acl.ts';
import { S3Error } from '../shared/errors.ts';
import { readAccountId } from './owner-names.ts';

export type RequestedGrantee = { readonly by: 'id' | 'uri' | 'emailAddress'; readonly value: string };
export type RequestedGrant = { readonly grantee: RequestedGrantee; readonly permission: AclPermission };

/** https://docs.aws.amazon.com/AmazonS3/latest/userguide/acl-overview.html#permissions */
export const MAX_GRANTS = 100;

export function checkCount(grants: readonly RequestedGrant[]): readonly RequestedGrant[] {
  if (grants.length > MAX_GRANTS) {
    throw new S3Error('InvalidRequest', { message: `An access control list can have at most ${MAX_GRANTS} grants.` });
  }
  return grants;
}

function invalidArgument(name: string, value: string, message: string): S3Error {
  return new S3Error('InvalidArgument', { message, fields: { ArgumentName: name, ArgumentValue: value } });
}

export const groupUris: Readonly<Record<AclGroup, string>> = {
  AllUsers: 'http://acs.amazonaws.com/groups/global/AllUsers',
  AuthenticatedUsers: 'http://acs.amazonaws.com/groups/global/AuthenticatedUsers',
  LogDelivery: 'http://acs.amazonaws.com/groups/s3/LogDelivery',
};

const groups: readonly AclGroup[] = ['AllUsers', 'AuthenticatedUsers', 'LogDelivery'];

/** Whoever writes without a signature, as S3 names the owner of what is written so. */
export const ANONYMOUS_ID = '65a011a29cdf8ec533ec3d1ccaae921c';

/** Errors: InvalidArgument (unknown id or group), UnresolvableGrantByEmailAddress. */
export function resolveGrants(
  { store }: { readonly store: MetadataStore },
  grants: readonly RequestedGrant[],
): Promise<Acl> {
  return store.read((snapshot) =>
    Promise.all(
      grants.map(async ({ grantee, permission }) => ({ grantee: await resolveGrantee(snapshot, grantee), permission })),
    ),
  );
}

async function resolveGrantee(snapshot: Snapshot, { by, value }: RequestedGrantee): Promise<AclGrantee> {
  if (by === 'uri') return resolveGroup(value);
  if (by === 'emailAddress') return resolveEmail(snapshot, value);
  const isKnown = value === ANONYMOUS_ID || (await isAccount(snapshot, value));
  if (!isKnown) throw invalidArgument('CanonicalUser/ID', value, 'Invalid id');
  return { type: 'account', canonicalId: value };
}

function resolveGroup(uri: string): AclGrantee {
  const group = groups.find((name) => groupUris[name] === uri.replace(/^https:/, 'http:'));
  if (group === undefined) throw invalidArgument('Group/URI', uri, 'Invalid group uri');
  return { type: 'group', group };
}

/** Longer than any canonical id, and still a key the store takes. */
const MAX_ID_LENGTH = 256;

async function isAccount(snapshot: Snapshot, canonicalId: string): Promise<boolean> {
  if (canonicalId.length > MAX_ID_LENGTH) return false;
  return (await snapshot.get(accountByCanonicalIdKey(canonicalId))) !== undefined;
}

async function resolveEmail(snapshot: Snapshot, email: string): Promise<AclGrantee> {
  const accountId = email.length > MAX_ID_LENGTH ? undefined : await snapshot.get(accountByEmailKey(email));
  const account = accountId === undefined ? undefined : await snapshot.get(accountKey(readAccountId(accountId)));
  if (account === undefined) throw new S3Error('UnresolvableGrantByEmailAddress');
  return { type: 'account', canonicalId: decodeRecord<AccountRecord>(account).canonicalId };
}
