// Users, groups and roles as calls name them: found by name, asked about by ARN.
import type { QueryAsk } from '../access/authorize-query.ts';
import { findGroup } from '../identity/groups.ts';
import { type HolderRecord, type HolderRef, boundaryOf } from '../identity/policy-holders.ts';
import { readRoleByName } from '../identity/roles.ts';
import { readUserByName } from '../identity/users.ts';
import type { GroupRecord, IdentityTag, RoleRecord, UserRecord } from '../metadata/tables/identities.ts';
import type { AccountId } from '../shared/ids.ts';
import { groupArn, policyArn, roleArn, userArn } from './arns.ts';
import type { CallScope } from './call.ts';
import { noSuchEntity, type QueryError } from './errors.ts';
import { longName, shortName } from './schemas.ts';

export type HolderKind = 'user' | 'group' | 'role';
type HolderRecords = { user: UserRecord; group: GroupRecord; role: RoleRecord };

export type Found<K extends HolderKind = HolderKind> = {
  readonly ref: HolderRef;
  readonly record: HolderRecords[K];
  readonly name: string;
  readonly arn: string;
};

type Holder<K extends HolderKind> = {
  /** as in the names of calls: `PutUserPolicy` */
  readonly noun: 'User' | 'Group' | 'Role';
  /** the parameter that names it */
  readonly parameter: `${Holder<K>['noun']}Name`;
  readonly schema: typeof shortName;
  readonly find: (scope: CallScope, name: string) => Promise<Found<K> | undefined>;
  /** what is asked about while there is none of this name */
  readonly arnOf: (accountId: AccountId, name: string) => string;
};

export const holders: { readonly [K in HolderKind]: Holder<K> } = {
  user: {
    noun: 'User',
    parameter: 'UserName',
    schema: shortName,
    find: async ({ services, caller: { accountId } }, name) => {
      const record = await services.store.read((snapshot) => readUserByName(snapshot, accountId, name));
      return record === undefined ? undefined : foundUser(record);
    },
    arnOf: (accountId, name) => userArn({ accountId, name }),
  },
  group: {
    noun: 'Group',
    parameter: 'GroupName',
    schema: longName,
    find: async ({ services, caller: { accountId } }, name) => {
      const record = await findGroup(services, accountId, name);
      // ids are no names here
      return record === undefined || record.name.toLowerCase() !== name.toLowerCase() ? undefined : foundGroup(record);
    },
    arnOf: (accountId, name) => groupArn({ accountId, name }),
  },
  role: {
    noun: 'Role',
    parameter: 'RoleName',
    schema: shortName,
    find: async ({ services, caller: { accountId } }, name) => {
      const record = await services.store.read((snapshot) => readRoleByName(snapshot, accountId, name));
      return record === undefined ? undefined : foundRole(record);
    },
    arnOf: (accountId, name) => roleArn({ accountId, name }),
  },
};

export function foundUser(record: UserRecord): Found<'user'> {
  const { accountId, userId, username: name, path } = record;
  return { ref: { kind: 'user', id: userId }, record, name, arn: userArn({ accountId, path, name }) };
}

export function foundGroup(record: GroupRecord): Found<'group'> {
  return { ref: { kind: 'group', id: record.groupId }, record, name: record.name, arn: groupArn(record) };
}

export function foundRole(record: RoleRecord): Found<'role'> {
  return { ref: { kind: 'role', id: record.roleId }, record, name: record.name, arn: roleArn(record) };
}

/** The parameter that names one of them, for the schema of a call that all of them have. */
export const named = (kind: HolderKind): { readonly [parameter: string]: typeof shortName } => ({
  [holders[kind].parameter]: holders[kind].schema,
});

/** What that parameter was. */
export const nameIn = (kind: HolderKind, input: Readonly<Record<string, unknown>>): string =>
  String(input[holders[kind].parameter]);

export function noSuch(kind: HolderKind, name: string): QueryError {
  return noSuchEntity(`The ${kind} with name ${name} cannot be found.`);
}

/** Errors: NoSuchEntity. */
export async function getHolder<K extends HolderKind>(kind: K, scope: CallScope, name: string): Promise<Found<K>> {
  const holder: Holder<K> = holders[kind];
  const found = await holder.find(scope, name);
  if (found === undefined) throw noSuch(kind, name);
  return found;
}

/** The question about one of them, whether or not it is there: who may not ask does not learn which. */
export async function askHolder(
  kind: HolderKind,
  scope: CallScope,
  name: string,
  ask: Pick<QueryAsk, 'action' | 'context'>,
): Promise<QueryAsk> {
  const found = await holders[kind].find(scope, name);
  const { accountId } = scope.caller;
  if (found === undefined) return { ...ask, resource: holders[kind].arnOf(accountId, name) };
  return {
    ...ask,
    resource: found.arn,
    managed: `vstorage::${accountId}:${kind}/${found.ref.id}`,
    context: { ...contextOf(found.record), ...ask.context },
  };
}

/** What conditions may ask of it. */
function contextOf(record: HolderRecord): Record<string, string> {
  const boundary = boundaryOf(record);
  const { accountId } = record;
  const tags: readonly IdentityTag[] = 'tags' in record ? (record.tags ?? []) : [];
  return {
    ...(boundary === null ? {} : { 'iam:permissionsboundary': policyArn({ accountId, name: boundary }) }),
    ...Object.fromEntries(
      tags.flatMap(({ key, value }) => [
        [`iam:resourcetag/${key.toLowerCase()}`, value],
        [`aws:resourcetag/${key.toLowerCase()}`, value],
      ]),
    ),
  };
}
