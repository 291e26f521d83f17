// For tests: the storage domain on the real adapters in a folder of its own, with one project and one bucket.
import { randomBytes } from 'node:crypto';
import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openFileBlobs } from '../../src/blobs/files.ts';
import { createKeyRing } from '../../src/encryption/key-ring.ts';
import type { CustomerKey } from '../../src/encryption/object-encryption.ts';
import { MasterKey } from '../../src/identity/sealing.ts';
import { prefixRange, tables } from '../../src/metadata/keys.ts';
import { openLmdbStore } from '../../src/metadata/lmdb.ts';
import type { Entry } from '../../src/metadata/metadata-store.ts';
import { type ProjectRecord, projectKey } from '../../src/metadata/tables/identities.ts';
import type { BucketRecord, ChecksumAlgorithm, ObjectRecord } from '../../src/metadata/tables/objects.ts';
import { encodeRecord } from '../../src/metadata/tables/record.ts';
import { createHasher } from '../../src/shared/checksums.ts';
import { type AccountId, newAccountId, newProjectId, type ObjectKey, type Region } from '../../src/shared/ids.ts';
import { collectGarbage, giveUpStaged } from '../../src/storage/collect-garbage.ts';
import { parseBucketName } from '../../src/storage/bucket-names.ts';
import { createBucket } from '../../src/storage/buckets.ts';
import type { ObjectSource } from '../../src/storage/object-source.ts';
import { noPreconditions } from '../../src/storage/preconditions.ts';
import { openObject } from '../../src/storage/read-object.ts';
import type { Guard, StorageDeps } from '../../src/storage/storage-deps.ts';
import type { WriteOptions } from '../../src/storage/write-object.ts';

export const INLINE_BYTES = 1024;
export const allow: Guard = async () => {};
export const objectKey = (text: string): ObjectKey => text as ObjectKey;
export const noUser: Readonly<Record<string, string>> = {};

export type Fixture = AsyncDisposable & {
  /** where everything lies */
  readonly folder: string;
  readonly deps: StorageDeps;
  readonly project: ProjectRecord;
  readonly account: { readonly accountId: AccountId; readonly canonicalId: string };
  readonly bucket: BucketRecord;
  /** moves the clock */
  readonly pass: (ms: number) => void;
  readonly rows: (table: keyof typeof tables) => Promise<Entry[]>;
  readonly blobFiles: () => Promise<string[]>;
  /** everything the jobs would do by now */
  readonly collect: () => Promise<void>;
};

export async function openFixture(options: { quotaBytes?: number; inlineBytes?: number } = {}): Promise<Fixture> {
  const folder = await mkdtemp(join(tmpdir(), 'storage-test-'));
  const store = await openLmdbStore({ path: join(folder, 'metadata'), reserveBytes: 0 });
  const blobs = await openFileBlobs({ path: join(folder, 'blobs'), reserveBytes: 0 });
  let skippedMs = 0;
  const clock = () => Date.now() + skippedMs;
  const masterKey = new MasterKey(new Map([[1, randomBytes(32)]]));
  const deps: StorageDeps = {
    store,
    blobs,
    clock,
    inlineBytes: options.inlineBytes ?? INLINE_BYTES,
    region: 'HAN02' as Region,
    poolOf: (_region, storageClass) => storageClass,
    keyRing: createKeyRing({ store, masterKey, clock }, ['backups']),
  };
  const account = { accountId: newAccountId(), canonicalId: 'c'.repeat(64) };
  const project = await makeProject(deps, account.accountId, options.quotaBytes ?? 2 ** 40);
  const bucket = await makeBucket({ deps, account, project }, 'bucket');
  return {
    folder,
    deps,
    project,
    account,
    bucket,
    pass: (ms) => {
      skippedMs += ms;
    },
    rows: (table) => store.read((snapshot) => snapshot.range({ ...prefixRange(tables[table]), limit: 1_000_000 })),
    blobFiles: async () => {
      const entries = await readdir(join(folder, 'blobs'), { recursive: true, withFileTypes: true });
      return entries.filter((entry) => entry.isFile()).map((entry) => entry.name);
    },
    collect: async () => {
      while ((await collectGarbage(deps)) + (await giveUpStaged(deps)) > 0);
    },
    [Symbol.asyncDispose]: async () => {
      await store[Symbol.asyncDispose]();
      await blobs[Symbol.asyncDispose]();
      await rm(folder, { recursive: true });
    },
  };
}

export async function makeProject(deps: StorageDeps, accountId: AccountId, quotaBytes: number): Promise<ProjectRecord> {
  const project: ProjectRecord = {
    v: 1,
    projectId: newProjectId(),
    accountId,
    name: 'project',
    region: deps.region,
    class: 'gold',
    quotaBytes,
    createdAt: deps.clock(),
    trashedAt: null,
  };
  await deps.store.transact(async (transaction) =>
    transaction.put(projectKey(project.projectId), encodeRecord(project)),
  );
  return project;
}

export function makeBucket(
  { deps, account, project }: Pick<Fixture, 'deps' | 'account' | 'project'>,
  name: string,
): Promise<BucketRecord> {
  return createBucket(deps, {
    name: parseBucketName(name),
    account,
    projectId: project.projectId,
    objectLock: false,
    maxBuckets: 100,
    guard: allow,
  });
}

/** A body as a client would send it; `fail` breaks off before the end. */
export function sourceOf(
  bytes: Uint8Array,
  options: { chunkBytes?: number; fail?: Error; sizeKnown?: boolean; before?: () => Promise<void> } = {},
): ObjectSource {
  let algorithm: ChecksumAlgorithm = 'CRC64NVME';
  async function* chunks(): AsyncGenerator<Uint8Array> {
    const step = options.chunkBytes ?? 65_536;
    for (let at = 0; at < bytes.length; at += step) yield bytes.subarray(at, at + step);
    await options.before?.();
    if (options.fail !== undefined) throw options.fail;
  }
  return {
    sizeBytes: options.sizeKnown === false ? null : bytes.length,
    chunks: { [Symbol.asyncIterator]: chunks },
    require: (asked) => {
      algorithm = asked;
    },
    digests: () => {
      const [md5, other] = [createHasher('MD5'), createHasher(algorithm)];
      for (const hasher of [md5, other]) hasher.update(bytes);
      const checksum = { algorithm, type: 'FULL_OBJECT', value: other.digest().toString('base64') } as const;
      return { md5Hex: md5.digest().toString('hex'), checksum };
    },
  };
}

/** `writeObject`'s options for a plain PUT. */
export function put(
  bucket: BucketRecord,
  key: string,
  bytes: Uint8Array | string,
  more: Partial<WriteOptions> = {},
): WriteOptions {
  return {
    bucket,
    key: objectKey(key),
    source: sourceOf(Buffer.from(bytes)),
    system: {},
    user: noUser,
    storageClass: 'STANDARD',
    preconditions: noPreconditions,
    guard: allow,
    ...more,
  };
}

export async function readAll(
  deps: StorageDeps,
  object: Pick<ObjectRecord, 'body' | 'sizeBytes' | 'encryption'>,
  range = { start: 0, end: object.sizeBytes },
  customerKey: CustomerKey | null = null,
): Promise<Buffer> {
  return Buffer.concat(await Array.fromAsync(await openObject(deps, object, range, customerKey)));
}
