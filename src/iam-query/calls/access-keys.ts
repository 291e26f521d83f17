// Access keys: S3 keys under AWS's names. One that is made here belongs to the project its user's tag `vstorage:project`
// names, or else to the project of the key that asks (docs/iam-api.md).
import { z } from 'zod';
import type { QueryAsk } from '../../access/authorize-query.ts';
import { endOf } from '../../access/signers.ts';
import { projectFor } from '../../identity/account-project.ts';
import { readKeys } from '../../identity/s3-key-rows.ts';
import { createS3Key, deleteS3Keys, updateS3Key } from '../../identity/s3-keys.ts';
import { newAwsAccessKey } from '../../identity/temporary-keys.ts';
import { readRecord } from '../../identity/read-records.ts';
import {
  type IdentityRef,
  type ProjectRecord,
  type S3KeyRecord,
  type S3KeyUseRecord,
  identityLabel,
  projectKey,
  s3KeyByOwnerRange,
  s3KeyKey,
  s3KeyUseKey,
} from '../../metadata/tables/identities.ts';
import { type AccessKey, newSecretKey } from '../../shared/ids.ts';
import { readIdentityName } from '../../identity/identity-record.ts';
import { type CallScope, type DeclaredCall, declareCall } from '../call.ts';
import { noSuchEntity } from '../errors.ts';
import { askHolder, getHolder } from '../holders.ts';
import { page } from '../paging.ts';
import { accessKeyId, paging, shortName } from '../schemas.ts';
import { ownName } from './users.ts';

type Target = {
  readonly owner: Extract<IdentityRef, { type: 'root' | 'user' }>;
  readonly name: string;
  readonly tags: Parameters<typeof projectFor>[1]['tags'];
};

/** Whose keys: the named user's, or the caller's own. Errors: NoSuchEntity, ValidationError. */
async function targetOf(scope: CallScope, named: string | undefined): Promise<Target> {
  const name = named ?? ownName(scope);
  if (name === null) return { owner: { type: 'root' }, name: scope.caller.identity.name, tags: [] };
  const { record } = await getHolder('user', scope, name);
  return { owner: { type: 'user', userId: record.userId }, name: record.username, tags: record.tags ?? [] };
}

type Verb = 'Create' | 'List' | 'Update' | 'Delete';

/** One's own keys are one's own to manage unless a policy denies it, as in the console. */
async function ask(scope: CallScope, named: string | undefined, call: string, verb: Verb): Promise<QueryAsk[]> {
  const own = ownName(scope);
  const name = named ?? own;
  // the root is asked nothing about itself
  if (name === null) return [];
  const { identity, principal, accountId } = scope.caller;
  const isOwn = identity.type === 'user' && name.toLowerCase() === identity.name.toLowerCase();
  const asked = await askHolder('user', scope, name, { action: `iam:${call}` });
  const project = principal.kind === 's3-key' ? principal.projectId : '*';
  const managed = `vstorage::${accountId}:project/${project}`;
  return [{ ...asked, manages: `vstorage:${verb}${isOwn ? 'Own' : ''}S3Key`, managed }];
}

const createAccessKey = declareCall({
  service: 'iam',
  name: 'CreateAccessKey',
  input: z.strictObject({ UserName: shortName.optional() }),
  asks: ({ UserName }, scope) => ask(scope, UserName, 'CreateAccessKey', 'Create'),
  run: async ({ UserName }, scope) => {
    const { services, caller } = scope;
    const { accountId, principal } = caller;
    const { owner, name, tags } = await targetOf(scope, UserName);
    const askers = principal.kind === 's3-key' ? principal.projectId : null;
    const projectId = await services.store.read((snapshot) => projectFor(snapshot, { accountId, tags, askers }));
    const pair = { accessKey: newAwsAccessKey('AKIA'), secretKey: newSecretKey() };
    const limit = owner.type === 'user' ? services.limits['access-keys-per-user'] : undefined;
    const wanted = { accountId, projectId, creator: owner, imported: pair, maxOfCreator: limit };
    const { record, secretKey } = await createS3Key(services, wanted);
    return {
      AccessKey: {
        UserName: name,
        AccessKeyId: record.accessKey,
        Status: 'Active',
        SecretAccessKey: secretKey,
        CreateDate: new Date(record.createdAt),
      },
    };
  },
});

export const statusOf = (key: S3KeyRecord, now: number): string =>
  key.status === 'active' && now < endOf(key) ? 'Active' : 'Inactive';

export const keysOf = ({ services, caller }: CallScope, owner: IdentityRef): Promise<S3KeyRecord[]> =>
  services.store.read((snapshot) => readKeys(snapshot, s3KeyByOwnerRange(caller.accountId, owner)));

const listAccessKeys = declareCall({
  service: 'iam',
  name: 'ListAccessKeys',
  input: z.strictObject({ UserName: shortName.optional(), ...paging }),
  asks: ({ UserName }, scope) => ask(scope, UserName, 'ListAccessKeys', 'List'),
  run: async (input, scope) => {
    const { owner, name } = await targetOf(scope, input.UserName);
    const { items, more } = page(await keysOf(scope, owner), ({ accessKey }) => accessKey, input);
    const now = scope.services.clock();
    const AccessKeyMetadata = items.map((key) => ({
      UserName: name,
      AccessKeyId: key.accessKey,
      Status: statusOf(key, now),
      CreateDate: new Date(key.createdAt),
    }));
    return { AccessKeyMetadata, ...more };
  },
});

/** Of this owner. Errors: NoSuchEntity. */
async function getKey(scope: CallScope, named: string | undefined, id: string): Promise<S3KeyRecord> {
  const { owner } = await targetOf(scope, named);
  const key = await readKey(scope, id);
  if (key !== undefined && identityLabel(key.creator) === identityLabel(owner)) return key;
  throw noSuchKey(id);
}

const noSuchKey = (id: string) => noSuchEntity(`The Access Key with id ${id} cannot be found.`);

async function readKey({ services, caller }: CallScope, id: string): Promise<S3KeyRecord | undefined> {
  const key = await services.store.read((snapshot) => readRecord<S3KeyRecord>(snapshot, s3KeyKey(id as AccessKey)));
  return key?.accountId === caller.accountId ? key : undefined;
}

const updateAccessKey = declareCall({
  service: 'iam',
  name: 'UpdateAccessKey',
  input: z.strictObject({
    UserName: shortName.optional(),
    AccessKeyId: accessKeyId,
    Status: z.enum(['Active', 'Inactive'], 'Member must satisfy enum value set: [Active, Inactive]'),
  }),
  asks: ({ UserName }, scope) => ask(scope, UserName, 'UpdateAccessKey', 'Update'),
  run: async ({ UserName, AccessKeyId, Status }, scope) => {
    const { id, accountId } = await getKey(scope, UserName, AccessKeyId);
    await updateS3Key(scope.services, { accountId, id, status: Status === 'Active' ? 'active' : 'disabled' });
    return null;
  },
});

const deleteAccessKey = declareCall({
  service: 'iam',
  name: 'DeleteAccessKey',
  input: z.strictObject({ UserName: shortName.optional(), AccessKeyId: accessKeyId }),
  asks: ({ UserName }, scope) => ask(scope, UserName, 'DeleteAccessKey', 'Delete'),
  run: async ({ UserName, AccessKeyId }, scope) => {
    const { id, accountId } = await getKey(scope, UserName, AccessKeyId);
    const { missing } = await deleteS3Keys(scope.services, { accountId, ids: [id] });
    if (missing.length > 0) throw noSuchKey(AccessKeyId);
    return null;
  },
});

const NEVER = 'N/A';

const getAccessKeyLastUsed = declareCall({
  service: 'iam',
  name: 'GetAccessKeyLastUsed',
  input: z.strictObject({ AccessKeyId: accessKeyId }),
  asks: async ({ AccessKeyId }, scope) => {
    const key = await readKey(scope, AccessKeyId);
    const name = key === undefined ? undefined : await nameOf(scope, key);
    const action = 'iam:GetAccessKeyLastUsed';
    if (name === undefined || key?.creator.type !== 'user') {
      return [{ action, resource: `arn:aws:iam::${scope.caller.accountId}:user/*` }];
    }
    return [await askHolder('user', scope, name, { action })];
  },
  run: async ({ AccessKeyId }, scope) => {
    const key = await readKey(scope, AccessKeyId);
    if (key === undefined) throw noSuchKey(AccessKeyId);
    return { UserName: await nameOf(scope, key), AccessKeyLastUsed: await lastUseXml(scope, key) };
  },
});

const nameOf = ({ services }: CallScope, { accountId, creator }: S3KeyRecord): Promise<string | undefined> =>
  services.store.read((snapshot) => readIdentityName(snapshot, accountId, creator));

export type LastUse = { readonly at: Date | undefined; readonly service: string; readonly region: string };

/** To the hour. */
export async function lastUseOf({ services }: CallScope, key: S3KeyRecord): Promise<LastUse> {
  return services.store.read(async (snapshot) => {
    const use = await readRecord<S3KeyUseRecord>(snapshot, s3KeyUseKey(key.accessKey));
    if (use === undefined) return { at: undefined, service: NEVER, region: NEVER };
    const project = await readRecord<ProjectRecord>(snapshot, projectKey(key.projectId));
    const service = use.action.split(':')[0] ?? NEVER;
    return { at: new Date(use.at), service, region: project?.region ?? NEVER };
  });
}

async function lastUseXml(scope: CallScope, key: S3KeyRecord) {
  const { at, service, region } = await lastUseOf(scope, key);
  return { LastUsedDate: at, ServiceName: service, Region: region };
}

export const accessKeyCalls: readonly DeclaredCall[] = [
  createAccessKey,
  listAccessKeys,
  updateAccessKey,
  deleteAccessKey,
  getAccessKeyLastUsed,
];
