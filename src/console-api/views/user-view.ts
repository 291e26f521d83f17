import { iamArn } from '../../access/principal.ts';
import type { User } from '../../identity/users.ts';
import type { UserView } from '../contract.ts';
import { isoTime, isoTimeOrNull } from './times.ts';
import { type Owner, vstorageUserId } from './vstorage-user-id.ts';

export function userView(user: User, owner: Owner): UserView {
  const { userId, accountId, username, path = '/', tags = [], groups = [], inlinePolicies = [] } = user;
  return {
    id: userId,
    username,
    status: user.status,
    policies: [...user.policies],
    email: user.email ?? null,
    hasPassword: user.hasPassword,
    mustChangePassword: user.mustChangePassword ?? false,
    vstorageUserId: vstorageUserId(owner, { type: 'user', name: username }),
    arn: iamArn('user', { accountId, path, name: username }),
    path,
    tags: tags.map(({ key, value }) => ({ key, value })),
    groups: [...groups],
    inlinePolicies: inlinePolicies.map(({ name }) => name),
    boundary: user.boundary ?? null,
    createdAt: isoTime(user.createdAt),
    lastSignInAt: isoTimeOrNull(user.lastSignInAt),
  };
}
