import assert from 'node:assert/strict';
import { createHash, randomBytes } from 'node:crypto';
import { test } from 'node:test';
import { objectKey, openFixture, put, readAll } from '../../test/support/storage-fixture.ts';
import { begin, complete, named, part } from '../../test/support/upload-fixture.ts';
import { digestOf } from '../shared/checksums.ts';
import { copySource } from './copy-object.ts';
import { findObject } from './read-object.ts';
import { writeObject } from './write-object.ts';

const md5 = (bytes: Uint8Array): string => createHash('md5').update(bytes).digest('hex');

test('a copy has the bytes, entity tag and checksum of its source, and bytes of its own', async () => {
  await using fixture = await openFixture();
  const { deps, bucket } = fixture;
  for (const size of [0, 500, 100_000]) {
    const source = await writeObject(deps, put(bucket, 'source', randomBytes(size)));
    const copy = await writeObject(deps, put(bucket, 'copy', '', { source: copySource(deps, source, null) }));
    assert.deepEqual([copy.etag, copy.checksum, copy.sizeBytes], [source.etag, source.checksum, size]);
    assert.notDeepEqual(copy.body, source.body);
    assert.deepEqual(await readAll(deps, copy), await readAll(deps, source));
  }
});

test('a copy with another checksum, or of a range, is hashed anew', async () => {
  await using fixture = await openFixture();
  const { deps, bucket } = fixture;
  const bytes = randomBytes(50_000);
  const source = await writeObject(deps, put(bucket, 'source', bytes));
  const sha = copySource(deps, source, null);
  sha.require('SHA256');
  const hashed = await writeObject(deps, put(bucket, 'hashed', '', { source: sha }));
  const value = digestOf('SHA256', bytes).toString('base64');
  assert.deepEqual(hashed.checksum, { algorithm: 'SHA256', type: 'FULL_OBJECT', value });
  assert.equal(hashed.etag, source.etag);
  const range = await writeObject(
    deps,
    put(bucket, 'range', '', { source: copySource(deps, source, { start: 5, end: 40_000 }) }),
  );
  assert.equal(range.etag, md5(bytes.subarray(5, 40_000)));
});

test('the copy of a multipart object is one object with a plain MD5 and a checksum of the whole', async () => {
  await using fixture = await openFixture();
  const { deps, bucket } = fixture;
  const bytes = randomBytes(3000);
  const upload = await begin(fixture, 'parts', { checksumAlgorithm: 'SHA1', checksumType: 'COMPOSITE' });
  const only = await part(fixture, upload, 1, bytes);
  await complete(fixture, upload, [
    { ...named(only), checksum: { algorithm: 'SHA1', value: only.checksum?.value ?? '' } },
  ]);
  const source = await findObject(deps, bucket, objectKey('parts'));
  assert.ok(source);
  const copy = await writeObject(deps, put(bucket, 'copy', '', { source: copySource(deps, source, null) }));
  assert.equal(copy.etag, md5(bytes));
  assert.deepEqual(copy.checksum, {
    algorithm: 'SHA1',
    type: 'FULL_OBJECT',
    value: digestOf('SHA1', bytes).toString('base64'),
  });
  assert.deepEqual(await readAll(deps, copy), bytes);
});

test('an object is copied onto itself', async () => {
  await using fixture = await openFixture();
  const { deps, bucket } = fixture;
  const bytes = randomBytes(5000);
  const source = await writeObject(deps, put(bucket, 'k', bytes));
  const copy = await writeObject(
    deps,
    put(bucket, 'k', '', { source: copySource(deps, source, null), user: { a: 'b' } }),
  );
  assert.deepEqual(await readAll(deps, copy), bytes);
  assert.deepEqual((await findObject(deps, bucket, objectKey('k')))?.user, { a: 'b' });
});
