import { refOf } from '../../access/principal.ts';
import { endOf } from '../../access/signers.ts';
import { showHours } from '../../identity/parse-restriction.ts';
import type { S3Key } from '../../identity/s3-keys.ts';
import type { KeyRestriction } from '../../metadata/tables/identities.ts';
import { type Caller, isSame, may } from '../caller.ts';
import type { KeyRestrictionView, S3KeyView } from '../contract.ts';
import { isoTime, isoTimeOrNull } from './times.ts';

export function s3KeyView(key: S3Key, caller: Caller, now: number): S3KeyView {
  const own = isSame(key.owner, refOf(caller.identity));
  const allowed = (verb: 'Update' | 'Delete') =>
    may(caller, own ? `vstorage:${verb}OwnS3Key` : `vstorage:${verb}S3Key`, key.projectId);
  return {
    id: key.id,
    accessKey: key.accessKey,
    projectId: key.projectId,
    description: key.description,
    status: key.status,
    expired: endOf(key) <= now,
    creator: {
      type: key.creator.type,
      name: key.creatorName,
      ...(key.creator.type === 'user' ? { userId: key.creator.userId } : {}),
      ...(key.creator.type === 'service-account' ? { serviceAccountId: key.creator.serviceAccountId } : {}),
    },
    serviceAccount: key.serviceAccount,
    createdAt: isoTime(key.createdAt),
    expiresAt: isoTimeOrNull(key.expiresAt),
    lastUsed: isoTimeOrNull(key.lastUsedAt),
    lastUsedAction: key.lastUse?.action ?? null,
    lastUsedFrom: key.lastUse?.clientAddress ?? null,
    restriction: key.restriction === null ? null : restrictionView(key.restriction),
    rotatedTo: key.rotation === null ? null : { id: key.rotation.replacedBy, worksUntil: isoTime(key.rotation.endsAt) },
    warnings: [...key.warnings],
    own,
    canUpdate: allowed('Update'),
    canDelete: allowed('Delete'),
  };
}

export function restrictionView({
  buckets,
  allow,
  networks,
  hours,
  prefix,
  policy,
}: KeyRestriction): KeyRestrictionView {
  const copy = <T>(list: readonly T[] | null): T[] | null => (list === null ? null : [...list]);
  return {
    buckets: copy(buckets),
    prefix,
    allow: copy(allow),
    networks: copy(networks),
    hours: hours === null ? null : showHours(hours),
    policy,
  };
}
