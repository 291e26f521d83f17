import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { chmod, mkdtemp, readFile, readdir, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { inspect } from 'node:util';
import { openLmdbStore } from '../metadata/lmdb.ts';
import type { MetadataStore } from '../metadata/metadata-store.ts';
import { loadOrCreateMasterKey, openMasterKey, parseMasterKey } from './master-key-file.ts';
import { WrongMasterKeyError } from './master-key-state.ts';
import { MasterKey, seal, unseal } from './sealing.ts';

const newKey = (): MasterKey => new MasterKey(new Map([[1, randomBytes(32)]]));

test('a sealed text opens under the same key and for the same record only', () => {
  const key = newKey();
  const sealed = seal(key, 'secret', 'record-1');
  assert.equal(unseal(key, sealed, 'record-1'), 'secret');
  assert.throws(() => unseal(key, sealed, 'record-2'));
  assert.throws(() => unseal(newKey(), sealed, 'record-1'));
});

test('a sealed text that was changed does not open', () => {
  const key = newKey();
  const sealed = seal(key, 'secret', 'a');
  const ciphertext = Buffer.from(sealed.ciphertext, 'base64');
  ciphertext[0] = (ciphertext[0] ?? 0) ^ 1;
  assert.throws(() => unseal(key, { ...sealed, ciphertext: ciphertext.toString('base64') }, 'a'));
  assert.throws(() => unseal(key, { ...sealed, tag: sealed.tag.slice(0, 8) }, 'a'));
});

test('the same text is sealed differently each time', () => {
  const key = newKey();
  assert.notEqual(seal(key, 'secret', 'a').ciphertext, seal(key, 'secret', 'a').ciphertext);
});

test('of several versions the highest seals and all open', () => {
  const [first, second] = [randomBytes(32), randomBytes(32)];
  const sealed = seal(new MasterKey(new Map([[1, first]])), 'old', 'a');
  const both = new MasterKey(
    new Map([
      [1, first],
      [2, second],
    ]),
  );
  assert.equal(unseal(both, sealed, 'a'), 'old');
  assert.equal(seal(both, 'new', 'a').keyVersion, 2);
});

test('a master key shows nothing of itself', () => {
  const bytes = randomBytes(32);
  const key = new MasterKey(new Map([[1, bytes]]));
  assert.equal(inspect({ key }, { depth: 9, showHidden: true }).includes('Buffer'), false);
  assert.equal(JSON.stringify({ key }), '{"key":"[MasterKey]"}');
});

async function inFolder(run: (folder: string) => Promise<void>): Promise<void> {
  const folder = await mkdtemp(join(tmpdir(), 'master-key-'));
  try {
    await run(folder);
  } finally {
    await rm(folder, { recursive: true });
  }
}

test('the first start makes one key file of mode 0600, even when several processes start at once', () =>
  inFolder(async (folder) => {
    const path = join(folder, 'master.key');
    const keys = await Promise.all(Array.from({ length: 8 }, () => loadOrCreateMasterKey({ kind: 'file', path })));
    assert.equal(new Set(keys.map((key) => key.fingerprint(1))).size, 1);
    assert.equal((await stat(path)).mode & 0o777, 0o600);
    assert.deepEqual(await readdir(folder), ['master.key']);
    assert.match(await readFile(path, 'utf8'), /^# .*\n1:[A-Za-z0-9+/]{43}=\n$/);
  }));

test('a key file that others can read is refused, with what to do', () =>
  inFolder(async (folder) => {
    const path = join(folder, 'master.key');
    await loadOrCreateMasterKey({ kind: 'file', path });
    await chmod(path, 0o644);
    await assert.rejects(loadOrCreateMasterKey({ kind: 'file', path }), /chmod 600/);
  }));

test('a damaged key file is refused without showing it', () =>
  inFolder(async (folder) => {
    const path = join(folder, 'master.key');
    await writeFile(path, '1:tooShortSecret\n', { mode: 0o600 });
    await assert.rejects(
      loadOrCreateMasterKey({ kind: 'file', path }),
      (error: Error) => error.message.includes(path) && !error.message.includes('tooShortSecret'),
    );
  }));

test('keys from the environment: versions by comma, or one bare key', () => {
  const [a, b] = [randomBytes(32).toString('base64'), randomBytes(32).toString('base64')];
  assert.equal(parseMasterKey(`1:${a},2:${b}`, 'x').currentVersion, 2);
  assert.equal(parseMasterKey(a, 'x').fingerprint(1), parseMasterKey(`1:${a}`, 'x').fingerprint(1));
  assert.throws(() => parseMasterKey(`1:${a},1:${b}`, 'x'));
  assert.throws(() => parseMasterKey('', 'x'), /holds no master key/);
});

async function withStore(run: (store: MetadataStore, folder: string) => Promise<void>): Promise<void> {
  await inFolder(async (folder) => {
    await using store = await openLmdbStore({ path: join(folder, 'metadata'), reserveBytes: 0 });
    await run(store, folder);
  });
}

test('a store accepts the master key it was made with and refuses another', () =>
  withStore(async (store, folder) => {
    const source = { kind: 'file', path: join(folder, 'master.key') } as const;
    await openMasterKey(store, source);
    await openMasterKey(store, source);
    await assert.rejects(
      openMasterKey(store, { kind: 'environment' }, randomBytes(32).toString('base64')),
      WrongMasterKeyError,
    );
  }));

test('a lost master key file is not replaced by a new one', () =>
  withStore(async (store, folder) => {
    const path = join(folder, 'master.key');
    await openMasterKey(store, { kind: 'file', path });
    await rm(path);
    await assert.rejects(openMasterKey(store, { kind: 'file', path }), /missing/);
    await assert.rejects(stat(path), { code: 'ENOENT' });
  }));

test('the environment as source asks for the variable', () =>
  withStore(async (store) => {
    await assert.rejects(openMasterKey(store, { kind: 'environment' }), /VSTORAGE_MASTER_KEY is not set/);
  }));
