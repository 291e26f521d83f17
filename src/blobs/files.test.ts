// What is particular to files; what every blob store must do is in test/contract/.
import assert from 'node:assert/strict';
import { mkdtemp, readdir, readlink, rename, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { StoreFullError } from '../metadata/metadata-store.ts';
import type { BlobId } from '../shared/ids.ts';
import { newBlobId } from '../shared/ids.ts';
import type { BlobStore } from './blob-store.ts';
import { BlobCorruptError } from './blob-store.ts';
import { openFileBlobs } from './files.ts';
import { encodeHead } from './files-format.ts';

type Fixture = AsyncDisposable & { readonly path: string; readonly blobs: BlobStore };

async function open(reserveBytes = 0): Promise<Fixture> {
  const path = await mkdtemp(join(tmpdir(), 'vstorage-files-'));
  const blobs = await openFileBlobs({ path, reserveBytes });
  return { path, blobs, [Symbol.asyncDispose]: () => rm(path, { recursive: true }) };
}

async function write(blobs: BlobStore, data: Uint8Array): Promise<BlobId> {
  const id = newBlobId(Date.now());
  await using staged = await blobs.stage(id, 'STANDARD');
  await staged.write(data);
  await staged.seal();
  return id;
}

const fileOf = (path: string, id: BlobId): string => join(path, 'STANDARD', id.slice(-3), id);

async function openFilesUnder(path: string): Promise<string[]> {
  const links = await Promise.all(
    (await readdir('/proc/self/fd')).map((fd) => readlink(`/proc/self/fd/${fd}`).catch(() => '')),
  );
  return links.filter((link) => link.startsWith(path));
}

test('a write that would leave less than the reserve is refused before a file is made', async () => {
  await using fixture = await open(Number.MAX_SAFE_INTEGER);
  await assert.rejects(fixture.blobs.stage(newBlobId(Date.now()), 'STANDARD'), StoreFullError);
  await assert.rejects(fixture.blobs.ready(), StoreFullError);
  const names = await readdir(fixture.path, { recursive: true, withFileTypes: true });
  assert.deepEqual(
    names.filter((name) => name.isFile()),
    [],
  );
});

test('ids and pools that are no names are refused, so that no path leaves the folder', async () => {
  await using fixture = await open();
  const id = newBlobId(Date.now());
  await assert.rejects(fixture.blobs.stage('../../../../tmp/x' as BlobId, 'STANDARD'), TypeError);
  await assert.rejects(fixture.blobs.stage(id, '../STANDARD'), TypeError);
  await assert.rejects(fixture.blobs.delete(id, ''), TypeError);
});

test('a reader that is given up closes its file, read or not', async () => {
  await using fixture = await open();
  const id = await write(fixture.blobs, Buffer.alloc(3_000_000, 7));
  for (const chunks of [0, 1, 30]) {
    const reader = (await fixture.blobs.read(id, 'STANDARD', { start: 0, end: 3_000_000 }))[Symbol.asyncIterator]();
    for (let i = 0; i < chunks; i++) await reader.next();
    assert.equal((await openFilesUnder(fixture.path)).length, 1);
    await reader.return?.();
    assert.deepEqual(await openFilesUnder(fixture.path), []);
    assert.deepEqual(await reader.next(), { done: true, value: undefined });
  }
});

test('a whole read and a failed one close the file', async () => {
  await using fixture = await open();
  const id = await write(fixture.blobs, Buffer.alloc(1_000_000, 7));
  for await (const _ of await fixture.blobs.read(id, 'STANDARD', { start: 0, end: 1_000_000 }));
  await assert.rejects(fixture.blobs.read(id, 'STANDARD', { start: 0, end: 1_000_001 }), BlobCorruptError);
  assert.deepEqual(await openFilesUnder(fixture.path), []);
});

test('a blob deleted while it is read is read to its end', async () => {
  await using fixture = await open();
  const id = await write(fixture.blobs, Buffer.alloc(3_000_000, 7));
  const chunks = await fixture.blobs.read(id, 'STANDARD', { start: 0, end: 3_000_000 });
  await fixture.blobs.delete(id, 'STANDARD');
  let sizeBytes = 0;
  for await (const chunk of chunks) sizeBytes += chunk.length;
  assert.equal(sizeBytes, 3_000_000);
});

test('a file that holds another blob, or blocks of another, is corrupt', async () => {
  await using fixture = await open();
  const [a, b] = [await write(fixture.blobs, Buffer.alloc(10, 1)), await write(fixture.blobs, Buffer.alloc(10, 1))];
  await rename(fileOf(fixture.path, a), fileOf(fixture.path, b));
  await assert.rejects(fixture.blobs.read(b, 'STANDARD', { start: 0, end: 10 }), /holds another blob/);
});

test('a file of a later version is refused with a sentence that says so', async () => {
  await using fixture = await open();
  const id = await write(fixture.blobs, Buffer.alloc(10, 1));
  const head = encodeHead(id, 10, 2);
  await writeFile(fileOf(fixture.path, id), head);
  await assert.rejects(fixture.blobs.read(id, 'STANDARD', { start: 0, end: 10 }), /version 2, this program reads 1/);
});

test('files and folders of blobs are readable by their owner only', async () => {
  await using fixture = await open();
  const id = await write(fixture.blobs, Buffer.alloc(10, 1));
  assert.equal((await stat(fileOf(fixture.path, id))).mode & 0o777, 0o600);
  assert.equal((await stat(join(fixture.path, 'STANDARD'))).mode & 0o777, 0o700);
});
