// Fills a bucket with more objects than anybody would send: their records, straight into the store of a server that
// does not run. They have no bytes.
import { join } from 'node:path';
import { openLmdbStore } from '../../../src/metadata/lmdb.ts';
import {
  type BucketRecord,
  bucketKey,
  currentKey,
  type ObjectRecord,
  usageKey,
} from '../../../src/metadata/tables/objects.ts';
import { decodeRecord, encodeRecord } from '../../../src/metadata/tables/record.ts';
import { type BucketName, newBlobId, NULL_VERSION } from '../../../src/shared/ids.ts';

const PER_COMMIT = 10_000;

export async function seedObjects(dataDir: string, bucket: string, count: number): Promise<void> {
  await using store = await openLmdbStore({ path: join(dataDir, 'metadata'), reserveBytes: 0 });
  const value = await store.read((snapshot) => snapshot.get(bucketKey('HAN02', bucket as BucketName)));
  if (value === undefined) throw new Error(`there is no bucket ${bucket}`);
  const { bucketId, projectId } = decodeRecord<BucketRecord>(value);
  const now = Date.now();
  for (let first = 0; first < count; first += PER_COMMIT) {
    const some = Math.min(PER_COMMIT, count - first);
    await store.transact(async (transaction) => {
      for (let index = first; index < first + some; index++) {
        const object: ObjectRecord = {
          v: 1,
          versionId: NULL_VERSION,
          sizeBytes: 0,
          etag: 'd41d8cd98f00b204e9800998ecf8427e',
          lastModified: now,
          storageClass: 'STANDARD',
          system: { contentType: 'image/jpeg' },
          user: {},
          checksum: null,
          body: { kind: 'inline', blobId: newBlobId(now) },
        };
        transaction.put(currentKey(bucketId, `photo-${String(index).padStart(7, '0')}.jpg`), encodeRecord(object));
      }
      for (const scope of [{ bucket: bucketId }, { project: projectId }]) {
        transaction.add(usageKey(scope, 'objects'), BigInt(some));
      }
    });
  }
}
