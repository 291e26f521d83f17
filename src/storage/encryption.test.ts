import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { test } from 'node:test';
import {
  type Fixture,
  INLINE_BYTES,
  objectKey,
  openFixture,
  put,
  readAll,
} from '../../test/support/storage-fixture.ts';
import { begin, complete, named, part } from '../../test/support/upload-fixture.ts';
import { type CustomerKey, type EncryptionRequest, newCustomerKey } from '../encryption/object-encryption.ts';
import type { EncryptionConfiguration } from '../metadata/tables/bucket-configurations.ts';
import { inlineBodyKey } from '../metadata/tables/objects.ts';
import { changeConfiguration } from './bucket-configurations.ts';
import { MIN_PART_BYTES } from './complete-upload.ts';
import { copySource } from './copy-object.ts';
import { findBucket } from './buckets.ts';
import { findObject, openObject } from './read-object.ts';
import { writeObject } from './write-object.ts';

const customerKey = newCustomerKey(randomBytes(32));
const otherKey = newCustomerKey(randomBytes(32));

type Mode = { readonly name: string; readonly asked: EncryptionRequest | null; readonly key: CustomerKey | null };

const kms: EncryptionRequest = { kind: 'SSE-KMS', keyId: 'backups', context: null, bucketKey: null };
const modes: readonly Mode[] = [
  { name: 'plain', asked: null, key: null },
  { name: 'SSE-S3', asked: { kind: 'SSE-S3' }, key: null },
  { name: 'SSE-KMS', asked: kms, key: null },
  { name: 'SSE-KMS of the managed key', asked: { ...kms, keyId: null }, key: null },
  { name: 'SSE-C', asked: { kind: 'SSE-C', customerKey }, key: customerKey },
  { name: 'SSE-C of another key', asked: { kind: 'SSE-C', customerKey: otherKey }, key: otherKey },
];

const SIZES = [0, 1, INLINE_BYTES, INLINE_BYTES + 1, 65_520, 65_521, 200_000];

for (const { name, asked, key } of modes) {
  test(`${name}: what is written is what is read, in any size and range`, async () => {
    await using fixture = await openFixture();
    const { deps, bucket } = fixture;
    for (const size of SIZES) {
      const bytes = randomBytes(size);
      const object = await writeObject(deps, put(bucket, 'k', bytes, { encryption: asked }));
      assert.equal(object.sizeBytes, size);
      assert.ok((await readAll(deps, object, undefined, key)).equals(bytes));
      const range = { start: Math.floor(size / 3), end: Math.ceil((size * 2) / 3) };
      assert.ok((await readAll(deps, object, range, key)).equals(bytes.subarray(range.start, range.end)));
    }
  });
}

for (const from of modes) {
  for (const to of modes) {
    test(`a copy from ${from.name} to ${to.name} reads the same`, async () => {
      await using fixture = await openFixture();
      const { deps, bucket } = fixture;
      for (const size of [10, 100_000]) {
        const bytes = randomBytes(size);
        const source = await writeObject(deps, put(bucket, 'from', bytes, { encryption: from.asked }));
        const options = { source: copySource(deps, source, null, from.key), encryption: to.asked };
        const copy = await writeObject(deps, put(bucket, 'to', '', options));
        assert.equal(copy.encryption?.kind, to.asked?.kind);
        assert.deepEqual(copy.checksum, source.checksum);
        assert.ok((await readAll(deps, copy, undefined, to.key)).equals(bytes));
      }
    });
  }
}

test('the entity tag is the MD5 of the plain bytes for SSE-S3, and tells nothing of them otherwise', async () => {
  await using fixture = await openFixture();
  const { deps, bucket } = fixture;
  const md5 = '5eb63bbbe01eeed093cb22bb8f5acdc3';
  for (const { asked } of modes) {
    const { etag } = await writeObject(deps, put(bucket, 'k', 'hello world', { encryption: asked }));
    assert.equal(etag === md5, asked === null || asked.kind === 'SSE-S3');
    assert.match(etag, /^[0-9a-f]{32}$/);
  }
});

test('an object under a customer key is not read without it, with another, and a plain one not with any', async () => {
  await using fixture = await openFixture();
  const { deps, bucket } = fixture;
  const secret = await writeObject(deps, put(bucket, 'k', 'secret', { encryption: { kind: 'SSE-C', customerKey } }));
  const range = { start: 0, end: 6 };
  await assert.rejects(openObject(deps, secret, range), { code: 'InvalidRequest' });
  await assert.rejects(openObject(deps, secret, range, otherKey), { code: 'AccessDenied' });
  const plain = await writeObject(deps, put(bucket, 'k', 'plain!'));
  await assert.rejects(openObject(deps, plain, range, customerKey), { code: 'InvalidRequest' });
});

test('KMS keys go by name, alias or ARN; an unknown one is refused before anything is stored', async () => {
  await using fixture = await openFixture();
  const { deps, bucket } = fixture;
  const names = ['backups', 'alias/backups', 'arn:aws:kms:HAN02:100000000000:key/backups', 'alias/aws/s3'];
  for (const keyId of names) {
    const { encryption } = await writeObject(deps, put(bucket, 'k', 'x', { encryption: { ...kms, keyId } }));
    assert.ok(encryption?.kind === 'SSE-KMS' && keyId.endsWith(encryption.keyName));
  }
  for (const keyId of ['nobody', 'aws/s3', '', 'key/backups/x']) {
    const unknown = writeObject(deps, put(bucket, 'new', 'x', { encryption: { ...kms, keyId } }));
    await assert.rejects(unknown, { code: 'KMS.NotFoundException' });
  }
  assert.equal(await findObject(deps, bucket, objectKey('new')), undefined);
});

test('a KMS object opens only with the encryption context it was written with', async () => {
  await using fixture = await openFixture();
  const { deps, bucket } = fixture;
  const context = Buffer.from('{"team":"a"}').toString('base64');
  const object = await writeObject(deps, put(bucket, 'k', 'x', { encryption: { ...kms, context } }));
  assert.equal(String(await readAll(deps, object)), 'x');
  assert.ok(object.encryption?.kind === 'SSE-KMS');
  await assert.rejects(readAll(deps, { ...object, encryption: { ...object.encryption, context: null } }));
});

async function encryptBucket(fixture: Fixture, value: EncryptionConfiguration): Promise<Fixture['bucket']> {
  const { deps, bucket } = fixture;
  await changeConfiguration(deps, { bucket, name: 'encryption', value, guard: async () => {} });
  return (await findBucket(deps, bucket.name)) ?? bucket;
}

test('whatever writes into a bucket with default encryption is encrypted, uploads and copies too', async () => {
  await using fixture = await openFixture();
  const { deps } = fixture;
  const byDefault = { algorithm: 'aws:kms', keyId: 'backups' } as const;
  const bucket = await encryptBucket(fixture, { v: 1, byDefault, bucketKeyEnabled: true, customerKeys: null });
  const object = await writeObject(deps, put(bucket, 'k', 'x'));
  assert.ok(object.encryption?.kind === 'SSE-KMS' && object.encryption.bucketKey);
  const copy = await writeObject(deps, put(bucket, 'c', '', { source: copySource(deps, object, null) }));
  assert.equal(copy.encryption?.kind, 'SSE-KMS');
  assert.equal((await begin({ deps, bucket })).encryption?.kind, 'SSE-KMS');
  const asked = await writeObject(deps, put(bucket, 'k', 'x', { encryption: { kind: 'SSE-S3' } }));
  assert.equal(asked.encryption?.kind, 'SSE-S3');
});

test('a bucket that blocks customer keys takes no new object under one, and still reads the old', async () => {
  await using fixture = await openFixture();
  const { deps } = fixture;
  const encryption: EncryptionRequest = { kind: 'SSE-C', customerKey };
  const old = await writeObject(deps, put(fixture.bucket, 'old', 'x', { encryption }));
  const blocked = { v: 1, byDefault: null, bucketKeyEnabled: false, customerKeys: 'blocked' } as const;
  const bucket = await encryptBucket(fixture, blocked);
  await assert.rejects(writeObject(deps, put(bucket, 'k', 'x', { encryption })), { code: 'AccessDenied' });
  await assert.rejects(begin({ deps, bucket }, 'k', { encryption }), { code: 'AccessDenied' });
  assert.equal(String(await readAll(deps, old, undefined, customerKey)), 'x');
});

test('parts are encrypted each, need the key of their upload, and are read across their edges', async () => {
  await using fixture = await openFixture();
  const { deps, bucket } = fixture;
  for (const { asked, key } of modes) {
    const bodies = [randomBytes(MIN_PART_BYTES + 1), randomBytes(100)];
    const upload = await begin(fixture, 'k', { encryption: asked });
    const parts = [];
    for (const [index, bytes] of bodies.entries()) {
      parts.push(await part(fixture, upload, index + 1, bytes, { customerKey: key }));
    }
    const wrong = part(fixture, upload, 3, randomBytes(1), {
      customerKey: key === customerKey ? otherKey : customerKey,
    });
    await assert.rejects(wrong, { code: 'InvalidRequest' });
    await complete(fixture, upload, parts.map(named));
    const object = await findObject(deps, bucket, objectKey('k'));
    assert.ok(object !== undefined && object.encryption?.kind === asked?.kind);
    const whole = Buffer.concat(bodies);
    assert.equal(object.sizeBytes, whole.length);
    const range = { start: MIN_PART_BYTES - 70_000, end: MIN_PART_BYTES + 50 };
    assert.ok((await readAll(deps, object, range, key)).equals(whole.subarray(range.start, range.end)));
  }
});

/** Every file under the folder that holds `bytes`. */
async function filesWith(folder: string, bytes: Buffer): Promise<string[]> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  const found: string[] = [];
  for (const entry of entries) {
    const path = join(entry.parentPath, entry.name);
    if (entry.isFile() && (await readFile(path)).includes(bytes)) found.push(path);
  }
  return found;
}

test('the bytes of encrypted objects and parts are nowhere on disk, small or large', async () => {
  for (const { asked, key } of modes) {
    await using fixture = await openFixture();
    const { deps, bucket, folder } = fixture;
    const marker = randomBytes(24);
    const large = Buffer.concat(Array.from({ length: 10_000 }, () => marker));
    await writeObject(deps, put(bucket, 'small', marker, { encryption: asked }));
    await writeObject(deps, put(bucket, 'large', large, { encryption: asked }));
    const upload = await begin(fixture, 'k', { encryption: asked });
    await part(fixture, upload, 1, large, { customerKey: key });
    const found = await filesWith(folder, marker);
    // plain is what shows that the search would find them
    assert.equal(found.length, asked === null ? 3 : 0);
    if (key !== null) assert.deepEqual(await filesWith(folder, key.key.export()), []);
  }
});

test('damage in the stores is an error, never wrong bytes', async () => {
  await using fixture = await openFixture();
  const { deps, bucket } = fixture;
  const bytes = randomBytes(INLINE_BYTES);
  const small = await writeObject(deps, put(bucket, 'small', bytes, { encryption: { kind: 'SSE-S3' } }));
  assert.ok(small.body.kind === 'inline');
  const rowKey = inlineBodyKey(small.body.blobId);
  const stored = Buffer.from((await deps.store.read((snapshot) => snapshot.get(rowKey))) ?? []);
  for (let place = 0; place < stored.length; place += 13) {
    const changed = Buffer.from(stored);
    changed[place] = (changed[place] ?? 0) ^ 0x80;
    await deps.store.transact(async (transaction) => transaction.put(rowKey, changed));
    await assert.rejects(readAll(deps, small), { name: 'BlobCorruptError' });
  }
  const large = await writeObject(deps, put(bucket, 'large', randomBytes(150_000), { encryption: { kind: 'SSE-S3' } }));
  const [file] = (await filesWith(fixture.folder, Buffer.alloc(0))).filter((path) => path.includes('blobs'));
  assert.ok(file !== undefined);
  const content = await readFile(file);
  content[100_000] = (content[100_000] ?? 0) ^ 1;
  await writeFile(file, content);
  await assert.rejects(readAll(deps, large), { name: 'BlobCorruptError' });
});
