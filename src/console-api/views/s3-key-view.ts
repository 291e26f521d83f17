import type { S3KeyRecord } from '../../metadata/tables/identities.ts';
import { type Caller, isSame, may, refOf } from '../caller.ts';
import type { S3KeyView } from '../contract.ts';
import { isoTime, isoTimeOrNull } from './times.ts';

export type NameOf = (creator: S3KeyRecord['creator']) => string;

/** Never the secret: a record has it sealed only, and this picks what is shown. */
export function s3KeyView(key: S3KeyRecord, caller: Caller, nameOf: NameOf, now: number): S3KeyView {
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
      name: nameOf(key.creator),
      ...(key.creator.type === 'user' ? { userId: key.creator.userId } : {}),
    },
    createdAt: isoTime(key.createdAt),
    expiresAt: isoTimeOrNull(key.expiresAt),
    lastUsed: null,
    own,
    canUpdate: allowed('Update'),
    canDelete: allowed('Delete'),
  };
}
