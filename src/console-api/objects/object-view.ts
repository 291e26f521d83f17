import { askOf, versioned } from '../../access/s3-actor.ts';
import type { ObjectRecord } from '../../metadata/tables/objects.ts';
import type { ObjectView, StoredObject } from '../contract/objects.ts';
import { isArchive } from '../../storage/storage-classes.ts';
import { latestVersion } from '../../storage/find-version.ts';
import { restoredUntil } from '../../storage/restore-object.ts';
import { isoTime, isoTimeOrNull } from '../views/times.ts';
import type { BucketScope } from './bucket-scope.ts';
import type { ObjectName } from './find-object.ts';
import { rightsOn } from './rights.ts';

export async function viewObject(scope: BucketScope, name: ObjectName, object: ObjectRecord): Promise<ObjectView> {
  const { actor, bucket, storage } = scope;
  const { key, versionId } = name;
  const { retention = null, legalHold = null } = object.lock ?? {};
  const mayReadTags = await actor.allows(askOf(versioned('Get', versionId, 'Tagging'), bucket, key, { versionId }));
  const latest = await storage.store.read((snapshot) => latestVersion(snapshot, bucket, key));
  return {
    ...viewStored(key, object),
    isLatest: latest?.versionId === object.versionId,
    lastModified: isoTime(object.lastModified),
    storageClass: object.storageClass,
    system: object.system,
    metadata: object.user,
    tags: mayReadTags ? [...(object.tags ?? [])] : null,
    encryption: viewEncryption(object),
    lock: bucket.objectLock
      ? {
          retention: retention === null ? null : { mode: retention.mode, until: isoTime(retention.until) },
          legalHold: legalHold === true,
        }
      : null,
    archive: viewArchive(object, storage.clock()),
    parts: object.body.kind === 'parts' ? object.body.partCount : null,
    rights: await rightsOn(actor, bucket, key),
  };
}

export function viewStored(key: string, object: ObjectRecord): StoredObject {
  const { versionId, sizeBytes, etag, checksum } = object;
  return { key, versionId, bytes: sizeBytes, etag, checksum };
}

function viewEncryption({ encryption }: ObjectRecord): ObjectView['encryption'] {
  if (!encryption) return null;
  return { type: encryption.kind, keyName: encryption.kind === 'SSE-KMS' ? encryption.keyName : null };
}

function viewArchive(object: ObjectRecord, now: number): ObjectView['archive'] {
  if (!isArchive(object.storageClass)) return null;
  const until = restoredUntil(object, now);
  return { readable: until !== null, until: isoTimeOrNull(until) };
}
