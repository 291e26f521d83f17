import type { UserRecord } from '../../metadata/tables/identities.ts';
import type { UserView } from '../contract.ts';
import { isoTime, isoTimeOrNull } from './times.ts';
import { type Owner, vstorageUserId } from './vstorage-user-id.ts';

export const userView = (user: UserRecord, owner: Owner): UserView => ({
  id: user.userId,
  username: user.username,
  status: user.status,
  policies: [...user.policies],
  hasPassword: user.passwordHash !== null,
  vstorageUserId: vstorageUserId(owner, user.username),
  createdAt: isoTime(user.createdAt),
  lastSignInAt: isoTimeOrNull(user.lastSignInAt),
});
