import type { User } from '../../identity/users.ts';
import type { UserView } from '../contract.ts';
import { isoTime, isoTimeOrNull } from './times.ts';
import { type Owner, vstorageUserId } from './vstorage-user-id.ts';

export const userView = (user: User, owner: Owner): UserView => ({
  id: user.userId,
  username: user.username,
  status: user.status,
  policies: [...user.policies],
  hasPassword: user.hasPassword,
  vstorageUserId: vstorageUserId(owner, { type: 'user', name: user.username }),
  createdAt: isoTime(user.createdAt),
  lastSignInAt: isoTimeOrNull(user.lastSignInAt),
});
