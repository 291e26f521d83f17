// IAM users.
import { z } from 'zod';
import type { QueryAsk } from '../../access/authorize-query.ts';
import { getAccountRecord } from '../../identity/accounts.ts';
import { renameUser, tagUser, untagUser } from '../../identity/user-tags.ts';
import { type User, createUsers, deleteUser, listUsers } from '../../identity/users.ts';
import { readKeys } from '../../identity/s3-key-rows.ts';
import type { Transaction } from '../../metadata/metadata-store.ts';
import { type UserRecord, s3KeyByOwnerRange } from '../../metadata/tables/identities.ts';
import type { UserId } from '../../shared/ids.ts';
import { userArn } from '../arns.ts';
import { type CallScope, type DeclaredCall, declareCall } from '../call.ts';
import { QueryError } from '../errors.ts';
import { askHolder, type Found, getHolder } from '../holders.ts';
import { page } from '../paging.ts';
import { boundaryXml, policyNamed } from '../policies.ts';
import { arn, fromTags, paging, path, pathPrefix, shortName, tagKeys, tags, toTags } from '../schemas.ts';
import { tagContext } from '../session.ts';
import type { XmlFields } from '../xml.ts';

type Shown = Pick<UserRecord, 'accountId' | 'userId' | 'username' | 'path' | 'createdAt' | 'lastSignInAt'>;

export const userXml = ({ accountId, userId, username: name, path: at = '/', createdAt, lastSignInAt }: Shown) => ({
  Path: at,
  UserName: name,
  UserId: userId,
  Arn: userArn({ accountId, path: at, name }),
  CreateDate: new Date(createdAt),
  PasswordLastUsed: lastSignInAt === null ? undefined : new Date(lastSignInAt),
});

/** With what lists leave out. */
export async function wholeUserXml(
  scope: Pick<CallScope, 'services' | 'caller'>,
  user: Shown & Pick<UserRecord, 'tags' | 'boundary'>,
): Promise<XmlFields> {
  const { tags: has = [], boundary } = user;
  return {
    ...userXml(user),
    PermissionsBoundary: await boundaryXml(scope, boundary),
    Tags: has.length === 0 ? undefined : fromTags(has),
  };
}

const idOf = ({ ref }: Found<'user'>): UserId => ref.id as UserId;

const ask =
  (action: string) =>
  async (input: { readonly UserName: string }, scope: CallScope): Promise<QueryAsk[]> => [
    await askHolder('user', scope, input.UserName, { action: `iam:${action}` }),
  ];

const createUser = declareCall({
  service: 'iam',
  name: 'CreateUser',
  input: z.strictObject({
    UserName: shortName,
    Path: path.optional(),
    PermissionsBoundary: arn.optional(),
    Tags: tags.optional(),
  }),
  asks: ({ UserName, Path, PermissionsBoundary, Tags }, { caller: { accountId } }) => {
    const resource = userArn({ accountId, path: Path, name: UserName });
    const boundary = PermissionsBoundary === undefined ? {} : { 'iam:permissionsboundary': PermissionsBoundary };
    const made = { action: 'iam:CreateUser', resource, context: { ...boundary, ...tagContext(toTags(Tags)) } };
    const tagged = { action: 'iam:TagUser', resource, context: tagContext(toTags(Tags)) };
    return (Tags ?? []).length === 0 ? [made] : [made, tagged];
  },
  run: async ({ UserName, Path, PermissionsBoundary, Tags }, scope) => {
    const { accountId } = scope.caller;
    const boundary = PermissionsBoundary === undefined ? null : await policyNamed(scope, PermissionsBoundary);
    const facts = { path: Path ?? '/', boundary, tags: toTags(Tags) };
    const wanted = { accountId, usernames: [UserName], passwords: 'none', naming: 'aws', ...facts } as const;
    const { users } = await createUsers(scope.services, wanted);
    const [user] = users;
    return { User: user === undefined ? undefined : await wholeUserXml(scope, user) };
  },
});

const getUser = declareCall({
  service: 'iam',
  name: 'GetUser',
  input: z.strictObject({ UserName: shortName.optional() }),
  asks: async ({ UserName }, scope) => {
    const name = UserName ?? ownName(scope);
    // the root may see itself, and is asked nothing
    return name === null ? [] : [await askHolder('user', scope, name, { action: 'iam:GetUser' })];
  },
  run: async ({ UserName }, scope) => {
    const name = UserName ?? ownName(scope);
    if (name === null) return { User: await rootXml(scope) };
    return { User: await wholeUserXml(scope, (await getHolder('user', scope, name)).record) };
  },
});

/** null: the root. Errors: ValidationError. */
export function ownName({ caller: { identity } }: CallScope): string | null {
  if (identity.type === 'root') return null;
  if (identity.type === 'user') return identity.name;
  throw new QueryError('ValidationError', 'Must specify userName when calling with non-User credentials');
}

async function rootXml({ services, caller: { accountId } }: CallScope): Promise<XmlFields> {
  const account = await services.store.read((snapshot) => getAccountRecord(snapshot, accountId));
  return {
    Path: '/',
    UserName: account.name,
    UserId: accountId,
    Arn: `arn:aws:iam::${accountId}:root`,
    CreateDate: new Date(account.createdAt),
  };
}

const listUsersCall = declareCall({
  service: 'iam',
  name: 'ListUsers',
  input: z.strictObject({ PathPrefix: pathPrefix.optional(), ...paging }),
  asks: ({ PathPrefix = '/' }, { caller: { accountId } }) => [
    { action: 'iam:ListUsers', resource: `arn:aws:iam::${accountId}:user${PathPrefix}` },
  ],
  run: async (input, { services, caller: { accountId } }) => {
    const users = await listUsers(services, accountId);
    const below = users.filter((user) => (user.path ?? '/').startsWith(input.PathPrefix ?? '/'));
    const { items, more } = page(below, (user: User) => user.username, input);
    return { Users: items.map(userXml), ...more };
  },
});

const updateUser = declareCall({
  service: 'iam',
  name: 'UpdateUser',
  input: z.strictObject({ UserName: shortName, NewUserName: shortName.optional(), NewPath: path.optional() }),
  asks: async ({ UserName, NewUserName, NewPath }, scope) => {
    const before = await askHolder('user', scope, UserName, { action: 'iam:UpdateUser' });
    const { accountId } = scope.caller;
    const after = userArn({ accountId, path: NewPath, name: NewUserName ?? UserName });
    return NewUserName === undefined && NewPath === undefined ? [before] : [before, { ...before, resource: after }];
  },
  run: async ({ UserName, NewUserName, NewPath }, scope) => {
    const found = await getHolder('user', scope, UserName);
    const wanted = { username: NewUserName, path: NewPath };
    await renameUser(scope.services, scope.caller.accountId, idOf(found), wanted);
    return null;
  },
});

const deleteUserCall = declareCall({
  service: 'iam',
  name: 'DeleteUser',
  input: z.strictObject({ UserName: shortName }),
  asks: ask('DeleteUser'),
  run: async ({ UserName }, scope) => {
    const found = await getHolder('user', scope, UserName);
    await deleteUser(scope.services, scope.caller.accountId, idOf(found), refuseInUse);
    return null;
  },
});

/** As in AWS, what a user has is taken off it first: nothing goes with it unasked. */
async function refuseInUse(user: UserRecord, transaction: Transaction): Promise<void> {
  const owner = { type: 'user', userId: user.userId } as const;
  const keys = await readKeys(transaction, s3KeyByOwnerRange(user.accountId, owner));
  const left =
    (keys.length > 0 && 'delete access keys') ||
    (user.policies.length > 0 && 'detach all policies') ||
    ((user.inlinePolicies ?? []).length > 0 && 'delete policies') ||
    ((user.groups ?? []).length > 0 && 'remove users from group') ||
    (user.passwordHash !== null && 'delete login profile');
  if (left !== false) throw new QueryError('DeleteConflict', `Cannot delete entity, must ${left} first.`);
}

const tagUserCall = declareCall({
  service: 'iam',
  name: 'TagUser',
  input: z.strictObject({ UserName: shortName, Tags: tags }),
  asks: async ({ UserName, Tags }, scope) => [
    await askHolder('user', scope, UserName, { action: 'iam:TagUser', context: tagContext(toTags(Tags)) }),
  ],
  run: async ({ UserName, Tags }, scope) => {
    const found = await getHolder('user', scope, UserName);
    await tagUser(scope.services, scope.caller.accountId, idOf(found), toTags(Tags));
    return null;
  },
});

const untagUserCall = declareCall({
  service: 'iam',
  name: 'UntagUser',
  input: z.strictObject({ UserName: shortName, TagKeys: tagKeys }),
  asks: async ({ UserName, TagKeys }, scope) => [
    await askHolder('user', scope, UserName, { action: 'iam:UntagUser', context: { 'aws:tagkeys': TagKeys } }),
  ],
  run: async ({ UserName, TagKeys }, scope) => {
    const found = await getHolder('user', scope, UserName);
    await untagUser(scope.services, scope.caller.accountId, idOf(found), TagKeys);
    return null;
  },
});

const listUserTags = declareCall({
  service: 'iam',
  name: 'ListUserTags',
  input: z.strictObject({ UserName: shortName, ...paging }),
  asks: ask('ListUserTags'),
  run: async (input, scope) => {
    const { record } = await getHolder('user', scope, input.UserName);
    const { items, more } = page(record.tags ?? [], ({ key }) => key, input);
    return { Tags: fromTags(items), ...more };
  },
});

export const userCalls: readonly DeclaredCall[] = [
  createUser,
  getUser,
  listUsersCall,
  updateUser,
  deleteUserCall,
  tagUserCall,
  untagUserCall,
  listUserTags,
];
