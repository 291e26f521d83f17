import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { loadConfig } from '../config/load.ts';
import { configForPair, describePair, sharesPlace } from './engine-pair.ts';

const folder = mkdtempSync(join(tmpdir(), 'engine-pair-'));
after(() => rmSync(folder, { recursive: true }));
const conf = `conf=${join(folder, 'ceph.conf')}`;
writeFileSync(join(folder, 'ceph.conf'), '');
const config = loadConfig({ flags: { dataDir: '/d' }, environment: new Map(), cwd: '/' });
const pair = (text: string) => configForPair(config, text, '--to', '/');

test('a pair names both stores, hosts divided by commas and pools elsewhere included', () => {
  const near = pair('lmdb:,files:');
  assert.deepEqual([near.metadata, near.blobs], [config.metadata, config.blobs]);
  const far = pair(
    `postgres://v@a:5432,b:5433/db,rados://p?${conf},DEEP_ARCHIVE=rados://q?${conf},HCM04-STANDARD=files:/f`,
  );
  assert.match(describePair(far), /^postgres:\/\/a:5432,b:5433\/db \(\w+\) and rados:\/\/p \(vstorage\)$/);
  assert.deepEqual(
    far.storageClasses.map(({ name, place }) => [name, place?.kind]),
    [
      ['DEEP_ARCHIVE', 'rados'],
      ['HCM04-STANDARD', 'files'],
    ],
  );
});

test('what is no pair is refused with an example', () => {
  for (const text of ['', 'lmdb:', 'files:', 'postgres://v@a/db'])
    assert.throws(() => pair(text), /must be METADATA,BLOBS, for example/);
});

test('pairs that name one place twice are known', () => {
  assert.equal(sharesPlace(pair('lmdb:,files:'), pair('lmdb:/x,files:/y')), false);
  assert.equal(sharesPlace(pair('lmdb:,files:/y'), pair('lmdb:/x,files:/y')), true);
  assert.equal(
    sharesPlace(pair(`lmdb:,files:,A=rados://p?${conf}`), pair(`lmdb:/x,rados://p?timeout=3&${conf}`)),
    true,
  );
  assert.equal(
    sharesPlace(pair(`lmdb:,rados://p?namespace=a&${conf}`), pair(`lmdb:/x,rados://p?namespace=b&${conf}`)),
    false,
  );
});
