import type { S3Key } from '../../identity/s3-keys.ts';
import { type Caller, isSame, may, refOf } from '../caller.ts';
import type { S3KeyView } from '../contract.ts';
import { isoTime, isoTimeOrNull } from './times.ts';

export function s3KeyView(key: S3Key, caller: Caller, now: number): S3KeyView {
  const own = isSame(key.creator, refOf(caller.identity));
  const allowed = (verb: 'Update' | 'Delete') =>
    may(caller, own ? `vstorage:${verb}OwnS3Key` : `vstorage:${verb}S3Key`, key.projectId);
  return {
    id: key.id,
    accessKey: key.accessKey,
    projectId: key.projectId,
    description: key.description,
    status: key.status,
    expired: key.expiresAt !== null && key.expiresAt <= now,
    creator: {
      type: key.creator.type,
      name: key.creatorName,
      ...(key.creator.type === 'user' ? { userId: key.creator.userId } : {}),
    },
    createdAt: isoTime(key.createdAt),
    expiresAt: isoTimeOrNull(key.expiresAt),
    lastUsed: isoTimeOrNull(key.lastUsedAt),
    own,
    canUpdate: allowed('Update'),
    canDelete: allowed('Delete'),
  };
}
