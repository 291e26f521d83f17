// A listing with a delimiter costs what it returns, never what lies below its common prefixes.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { MetadataStore, Snapshot } from '../../../src/metadata/metadata-store.ts';
import type { BucketRecord, ObjectRecord } from '../../../src/metadata/tables/objects.ts';
import { currentKey } from '../../../src/metadata/tables/objects.ts';
import { encodeRecord } from '../../../src/metadata/tables/record.ts';
import type { AccountId, BlobId, BucketId, BucketName, ProjectId, Region, VersionId } from '../../../src/shared/ids.ts';
import { listObjects } from '../../../src/storage/list-objects.ts';
import type { MetadataAdapter } from '../adapters.ts';
import { medianMs, openIn } from '../fixture.ts';

const few = bucketNamed('few', '0000000000000001');
const many = bucketNamed('many', '0000000000000002');

export function listingTests(adapter: MetadataAdapter): void {
  test('a listing of 100,000 keys under one prefix with delimiter "/" costs the same as one of 10', async () => {
    await using fixture = await openIn(adapter);
    await fill(fixture.store, few, 10);
    await fill(fixture.store, many, 100_000);
    const costs = [await list(fixture.store, few), await list(fixture.store, many)];
    for (const { entries } of costs) assert.deepEqual(entries, ['a', 'photos/', 'z']);
    // A walk may read a little ahead before it knows that it can jump.
    for (const { readEntries } of costs) assert.ok(readEntries <= 50, `${readEntries} entries read for 3`);
    const listing = (bucket: BucketRecord) => () =>
      listObjects({ ...unused, store: fixture.store }, bucket, listOptions);
    const [fewMs, manyMs] = [await medianMs(listing(few)), await medianMs(listing(many))];
    assert.ok(manyMs < fewMs + 3, `${manyMs} ms with many keys, ${fewMs} ms with few`);
  });
}

async function fill(store: MetadataStore, bucket: BucketRecord, count: number): Promise<void> {
  const value = encodeRecord(objectRecord);
  const keys = ['a', 'z', ...Array.from({ length: count }, (_, index) => `photos/${index}`)];
  for (let from = 0; from < keys.length; from += 5_000) {
    await store.transact(async (transaction) => {
      for (const key of keys.slice(from, from + 5_000)) transaction.put(currentKey(bucket.bucketId, key), value);
    });
  }
}

async function list(
  store: MetadataStore,
  bucket: BucketRecord,
): Promise<{ readonly entries: string[]; readonly readEntries: number }> {
  let readEntries = 0;
  const counting: Pick<MetadataStore, 'read'> = {
    read: (fn) =>
      store.read((snapshot) =>
        fn({
          get: (key) => snapshot.get(key),
          getMany: (keys) => snapshot.getMany(keys),
          count: (key) => snapshot.count(key),
          range: async (range) => {
            const entries = await snapshot.range(range);
            readEntries += entries.length;
            return entries;
          },
        } satisfies Snapshot),
      ),
  };
  const deps = { ...unused, store: { ...delegate(store), ...counting } };
  const { entries } = await listObjects(deps, bucket, listOptions);
  return { entries: entries.map((entry) => (entry.kind === 'prefix' ? entry.prefix : entry.key)), readEntries };
}

const listOptions = { prefix: '', delimiter: '/', startAfter: null, maxKeys: 1_000 };

function delegate(store: MetadataStore): MetadataStore {
  return {
    read: (fn) => store.read(fn),
    lookUp: store.lookUp.bind(store),
    transact: (fn) => store.transact(fn),
    ready: () => store.ready(),
    [Symbol.asyncDispose]: async () => undefined,
  };
}

/** A listing reads the metadata store only. */
const unused = {
  blobs: {
    stage: () => assert.fail('a listing writes nothing'),
    read: () => assert.fail('a listing reads no blob'),
    delete: () => assert.fail('a listing deletes nothing'),
    ready: async () => undefined,
    [Symbol.asyncDispose]: async () => undefined,
  },
  clock: () => 0,
  inlineBytes: 0,
  region: 'HAN02' as Region,
  poolOf: (_region: string, storageClass: string) => storageClass,
  keyRing: {
    kmsKeys: [],
    current: () => assert.fail('a listing needs no key'),
    find: () => assert.fail('a listing needs no key'),
  },
};

const objectRecord: ObjectRecord = {
  v: 1,
  versionId: 'null' as VersionId,
  sizeBytes: 1,
  etag: '0cc175b9c0f1b6a831c399e269772661',
  lastModified: 0,
  storageClass: 'STANDARD',
  system: { contentType: 'image/jpeg' },
  user: {},
  checksum: null,
  body: { kind: 'inline', blobId: '0'.repeat(32) as BlobId },
};

function bucketNamed(name: string, bucketId: string): BucketRecord {
  return {
    v: 1,
    bucketId: bucketId as BucketId,
    name: name as BucketName,
    region: 'HAN02',
    accountId: '100000000000' as AccountId,
    ownerCanonicalId: '0'.repeat(64),
    projectId: '0'.repeat(32) as ProjectId,
    createdAt: 0,
    versioning: 'off',
    objectLock: false,
    defaultStorageClass: 'STANDARD',
  };
}
