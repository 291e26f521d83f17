import assert from 'node:assert/strict';
import { mkdtemp, readFile, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { createSignerDeps, findSigner } from '../access/signers.ts';
import { type IdentityFixture, openIdentityFixture } from '../../test/support/identity-fixture.ts';
import { createKeyRing } from '../encryption/key-ring.ts';
import type { IdentityDeps } from './identity-deps.ts';
import { fileHome, openMasterKey } from './master-key-file.ts';
import { type MasterKeyHome, environmentHome } from './master-key-home.ts';
import { readMasterKeyState } from './master-key-state.ts';
import { addVersion, rotateMasterKey } from './rotate-master-key.ts';
import { type MadeS3Key, createS3Key } from './s3-keys.ts';

type Keyed = AsyncDisposable & {
  readonly fixture: IdentityFixture;
  readonly deps: IdentityDeps;
  readonly path: string;
  readonly home: MasterKeyHome;
  readonly makeKey: (deps?: IdentityDeps) => Promise<MadeS3Key>;
};

/** An account on a store whose master key lives in a file. */
async function openKeyed(): Promise<Keyed> {
  const fixture = await openIdentityFixture({ 'keys-per-account': 1000 });
  const folder = await mkdtemp(join(tmpdir(), 'master-key-'));
  const path = join(folder, 'master.key');
  const masterKey = await openMasterKey(fixture.deps.store, { kind: 'file', path });
  const deps = { ...fixture.deps, masterKey };
  const facts = { accountId: fixture.account.accountId, projectId: fixture.project.projectId };
  return {
    fixture,
    deps,
    path,
    home: fileHome(path),
    makeKey: (by = deps) => createS3Key(by, { ...facts, creator: { type: 'root' } }),
    [Symbol.asyncDispose]: async () => {
      await fixture[Symbol.asyncDispose]();
      await rm(folder, { recursive: true });
    },
  };
}

const secretOf = async (deps: IdentityDeps, { record }: MadeS3Key): Promise<string | undefined> =>
  (await findSigner(createSignerDeps(deps), record.accessKey))?.secretKey;
/** A process that starts now. */
const restarted = async ({ deps, path }: Keyed): Promise<IdentityDeps> => ({
  ...deps,
  masterKey: await openMasterKey(deps.store, { kind: 'file', path }),
});
/** nobody serves */
const demandEverywhere = async (): Promise<void> => {};
const fail = (): Promise<never> => Promise.reject(new Error('cut off'));

test('after a rotation every key works, in processes that ran and in new ones, and the old version is gone', async () => {
  await using keyed = await openKeyed();
  const { deps, home, path } = keyed;
  const ring = createKeyRing({ store: deps.store, masterKey: deps.masterKey, clock: deps.clock }, []);
  const wrapping = await ring.current('sse-s3', '');
  const keys = [await keyed.makeKey(), await keyed.makeKey()];
  const before = await readFile(path, 'utf8');
  const done = await rotateMasterKey({ demandEverywhere, store: deps.store, home }, { keepOld: false });
  assert.deepEqual(done, { from: [1], to: 2, resealed: 3, resumed: false, oldVersionsIn: null });
  keys.push(await keyed.makeKey());
  const fresh = await restarted(keyed);
  for (const key of keys) {
    assert.equal(await secretOf(deps, key), key.secretKey);
    assert.equal(await secretOf(fresh, key), key.secretKey);
  }
  const freshRing = createKeyRing({ store: deps.store, masterKey: fresh.masterKey, clock: deps.clock }, []);
  assert.ok((await freshRing.current('sse-s3', '')).key.equals(wrapping.key));
  const after = await readFile(path, 'utf8');
  assert.match(after, /^# .*\n2:[A-Za-z0-9+/]{43}=\n$/);
  assert.ok(!after.includes(before.split('1:')[1] ?? 'none'));
  assert.equal((await stat(path)).mode & 0o777, 0o600);
});

test('the old version stays when asked to', async () => {
  await using keyed = await openKeyed();
  const { deps, home, path } = keyed;
  const old = await readFile(path, 'utf8');
  const done = await rotateMasterKey({ demandEverywhere, store: deps.store, home }, { keepOld: true });
  assert.equal(done.oldVersionsIn, path);
  assert.ok((await readFile(path, 'utf8')).startsWith(old));
  assert.deepEqual((await rotateMasterKey({ demandEverywhere, store: deps.store, home }, { keepOld: false })).to, 3);
  assert.match(await readFile(path, 'utf8'), /^# .*\n3:[^\n]*\n$/);
});

test('cut off after writing the new version, a rotation goes on with that version', async () => {
  await using keyed = await openKeyed();
  const { deps, home } = keyed;
  const key = await keyed.makeKey();
  const added = await addVersion(home, 1);
  // nothing of it is in use, and what is made meanwhile is sealed under the old one
  const between = await keyed.makeKey(await restarted(keyed));
  const done = await rotateMasterKey({ demandEverywhere, store: deps.store, home }, { keepOld: false });
  assert.deepEqual([done.from, done.to, done.resealed], [[1], 2, 2]);
  assert.deepEqual(await home.read(), new Map([...added].filter(([version]) => version === 2)));
  for (const each of [key, between]) assert.equal(await secretOf(await restarted(keyed), each), each.secretKey);
});

test('cut off while sealing anew, every key works, servers start, and the next run finishes', async () => {
  await using keyed = await openKeyed();
  const { deps, home, path } = keyed;
  const keys: MadeS3Key[] = [];
  for (let count = 0; count < 5; count++) keys.push(await keyed.makeKey());
  let commits = 0;
  const transact: IdentityDeps['store']['transact'] = (fn) => (++commits > 3 ? fail() : deps.store.transact(fn));
  const dying = { ...deps.store, read: deps.store.read.bind(deps.store), transact };
  await assert.rejects(rotateMasterKey({ demandEverywhere, store: dying, home }, { keepOld: false }), /cut off/);
  const state = await deps.store.read(readMasterKeyState);
  assert.deepEqual([state?.keyVersion, state?.retiring?.length], [2, 1]);
  const fresh = await restarted(keyed);
  keys.push(await keyed.makeKey());
  for (const key of keys) {
    assert.equal(await secretOf(deps, key), key.secretKey);
    assert.equal(await secretOf(fresh, key), key.secretKey);
  }
  const done = await rotateMasterKey({ demandEverywhere, store: deps.store, home }, { keepOld: false });
  assert.deepEqual([done.resumed, done.to, done.resealed], [true, 2, 3]);
  assert.match(await readFile(path, 'utf8'), /^# .*\n2:[^\n]*\n$/);
  for (const key of keys) assert.equal(await secretOf(await restarted(keyed), key), key.secretKey);
});

test('a rotation under which keys are made and read loses none', async () => {
  await using keyed = await openKeyed();
  const { deps, home } = keyed;
  const made: MadeS3Key[] = [await keyed.makeKey()];
  const rotating = new AbortController();
  const load = (async () => {
    while (!rotating.signal.aborted) {
      made.push(await keyed.makeKey());
      for (const key of made.slice(-3)) assert.equal(await secretOf(deps, key), key.secretKey);
    }
  })();
  for (let round = 0; round < 4; round++)
    await rotateMasterKey({ demandEverywhere, store: deps.store, home }, { keepOld: false });
  rotating.abort();
  await load;
  assert.ok(made.length > 2);
  const fresh = await restarted(keyed);
  for (const key of made) assert.equal(await secretOf(fresh, key), key.secretKey);
  assert.deepEqual(
    [...((await home.read()) ?? [])].map(([version]) => version),
    [5],
  );
});

test('a rotation does not begin without the version that secrets are sealed under', async () => {
  await using keyed = await openKeyed();
  const { deps, home, path } = keyed;
  await keyed.makeKey();
  const copy = await home.read();
  await home.write(new Map([[2, new Uint8Array(32)]]));
  const rotation = rotateMasterKey({ demandEverywhere, store: deps.store, home }, { keepOld: false });
  await assert.rejects(rotation, /does not hold version 1 .* put it back/);
  assert.ok(copy !== null && path.length > 0);
});

test('a master key in the environment is rotated after its owner added a version, and told what to do before', async () => {
  await using keyed = await openKeyed();
  const { deps } = keyed;
  const key = await keyed.makeKey();
  const [, one = ''] = (await readFile(keyed.path, 'utf8')).trim().split('\n');
  const alone = rotateMasterKey(
    { demandEverywhere, store: deps.store, home: environmentHome(one) },
    { keepOld: false },
  );
  await assert.rejects(alone, /1:OLD,2:NEW.*restart/);
  const both = `${one},2:${Buffer.alloc(32, 7).toString('base64')}`;
  const done = await rotateMasterKey(
    { demandEverywhere, store: deps.store, home: environmentHome(both) },
    { keepOld: false },
  );
  assert.deepEqual([done.to, done.oldVersionsIn], [2, 'VSTORAGE_MASTER_KEY']);
  const masterKey = await openMasterKey(deps.store, { kind: 'environment' }, both);
  assert.equal(await secretOf({ ...deps, masterKey }, key), key.secretKey);
});
