import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { test } from 'node:test';
import { openFixture } from '../../test/support/storage-fixture.ts';
import { MasterKey } from '../identity/sealing.ts';
import { newDataKey, unwrapKey, wrapKey } from './data-keys.ts';
import { createKeyRing, type KeyRingDeps, rotateKeyEncryptionKey } from './key-ring.ts';

async function open() {
  const fixture = await openFixture();
  const { store, clock } = fixture.deps;
  const masterKey = new MasterKey(new Map([[1, randomBytes(32)]]));
  const deps: KeyRingDeps = { store, clock, masterKey };
  return { ...fixture, ring: deps, [Symbol.asyncDispose]: () => fixture[Symbol.asyncDispose]() };
}

test('a key is made once, however many processes ask for it at the same time', async () => {
  await using fixture = await open();
  const rings = Array.from({ length: 5 }, () => createKeyRing(fixture.ring, ['backups']));
  const keys = await Promise.all(rings.map((ring) => ring.current('kms', 'backups')));
  for (const { version, key } of keys) {
    assert.equal(version, 1);
    assert.ok(keys[0] !== undefined && key.equals(keys[0].key));
  }
  assert.equal((await fixture.rows('keyEncryptionKey')).length, 1);
});

test('keys of different names and purposes are different', async () => {
  await using fixture = await open();
  const ring = createKeyRing(fixture.ring, ['a', 'b']);
  const keys = [await ring.current('kms', 'a'), await ring.current('kms', 'b'), await ring.current('sse-s3', '')];
  assert.equal(new Set(keys.map(({ key }) => key.export().toString('hex'))).size, 3);
});

test('after a rotation the new version wraps and the old one still unwraps, also in another process', async () => {
  await using fixture = await open();
  const ring = createKeyRing(fixture.ring, []);
  const first = await ring.current('sse-s3', '');
  assert.equal(await rotateKeyEncryptionKey(fixture.ring, 'sse-s3', ''), 2);
  fixture.pass(61_000);
  const second = await ring.current('sse-s3', '');
  assert.equal(second.version, 2);
  assert.ok(!second.key.equals(first.key));
  const found = await createKeyRing(fixture.ring, []).find('sse-s3', '', 1);
  assert.ok(found?.equals(first.key));
});

test('no key stands in the store as it is, and another master key does not open it', async () => {
  await using fixture = await open();
  const { key } = await createKeyRing(fixture.ring, []).current('sse-s3', '');
  const text = (await fixture.rows('keyEncryptionKey')).map(({ value }) => Buffer.from(value).toString('utf8')).join();
  for (const encoding of ['hex', 'base64'] as const) assert.ok(!text.includes(key.export().toString(encoding)));
  const other = { ...fixture.ring, masterKey: new MasterKey(new Map([[1, randomBytes(32)]])) };
  await assert.rejects(createKeyRing(other, []).current('sse-s3', ''));
});

test('a wrapped key opens only under its key and context', () => {
  const [above, dataKey] = [newDataKey(), newDataKey()];
  const wrapped = wrapKey(above, dataKey, 'context');
  assert.ok(unwrapKey(above, wrapped, 'context')?.equals(dataKey));
  assert.equal(unwrapKey(above, wrapped, 'another'), undefined);
  assert.equal(unwrapKey(newDataKey(), wrapped, 'context'), undefined);
  assert.equal(unwrapKey(above, { ...wrapped, ciphertext: '' }, 'context'), undefined);
});
