// What the caller may do with an object, or with whatever begins with a prefix: decides which buttons the console
// shows. Every request is decided again.
import { askOf, type S3Actor } from '../../access/s3-actor.ts';
import type { BucketRecord } from '../../metadata/tables/objects.ts';
import type { ObjectKey } from '../../shared/ids.ts';
import type { ObjectRight } from '../contract/objects.ts';

const actions: readonly (readonly [ObjectRight, string])[] = [
  ['upload', 's3:PutObject'],
  ['download', 's3:GetObject'],
  ['delete', 's3:DeleteObject'],
  ['delete-versions', 's3:DeleteObjectVersion'],
  ['tag', 's3:PutObjectTagging'],
  ['retain', 's3:PutObjectRetention'],
  ['hold', 's3:PutObjectLegalHold'],
  ['bypass', 's3:BypassGovernanceRetention'],
];

export async function rightsOn(actor: S3Actor, bucket: BucketRecord, key: ObjectKey): Promise<ObjectRight[]> {
  const answers = await Promise.all(actions.map(([, action]) => actor.allows(askOf(action, bucket, key))));
  return actions.flatMap(([right], index) => (answers[index] === true ? [right] : []));
}

/** A policy on `photos/*` speaks of this key, too; one on `photos/*.jpg` is only known with a key. */
export const rightsBelow = (actor: S3Actor, bucket: BucketRecord, prefix: string): Promise<ObjectRight[]> =>
  rightsOn(actor, bucket, `${prefix}*` as ObjectKey);
