// A blob that was not sealed does not exist, and goes away.
import assert from 'node:assert/strict';
import { fork } from 'node:child_process';
import { once } from 'node:events';
import { test } from 'node:test';
import { BlobMissingError } from '../../../src/blobs/blob-store.ts';
import type { BlobId } from '../../../src/shared/ids.ts';
import { newBlobId } from '../../../src/shared/ids.ts';
import type { BlobAdapter } from '../adapters.ts';
import { openIn } from '../fixture.ts';
import { load, MIB, POOL, pattern } from './blobs.ts';

export function unfinishedTests(adapter: BlobAdapter): void {
  test('a blob cannot be read before it is sealed', async () => {
    await using fixture = await openIn(adapter);
    const id = newBlobId(Date.now());
    await using staged = await fixture.store.stage(id, POOL);
    await staged.write(pattern(2 * MIB));
    await assert.rejects(load(fixture.store, id, { start: 0, end: 1 }), BlobMissingError);
    await staged.seal();
    assert.equal((await load(fixture.store, id, { start: 0, end: 1 })).length, 1);
  });

  test('a blob that is disposed unsealed leaves nothing behind, whatever was written', async () => {
    await using fixture = await openIn(adapter);
    for (const sizeBytes of [0, 10, 3 * MIB]) {
      const staged = await fixture.store.stage(newBlobId(Date.now()), POOL);
      await staged.write(pattern(sizeBytes));
      await staged[Symbol.asyncDispose]();
      await staged[Symbol.asyncDispose]();
      assert.equal(await adapter.countStored(fixture.folder), 0);
      await assert.rejects(staged.write(Buffer.of(1)));
      await assert.rejects(staged.seal());
    }
  });

  test('a sealed blob stays when it is disposed, and takes no more bytes', async () => {
    await using fixture = await openIn(adapter);
    const id = newBlobId(Date.now());
    const staged = await fixture.store.stage(id, POOL);
    await staged.write(Buffer.from('whole'));
    await staged.seal();
    await assert.rejects(staged.write(Buffer.of(1)));
    await assert.rejects(staged.seal());
    await staged[Symbol.asyncDispose]();
    assert.equal((await load(fixture.store, id, { start: 0, end: 5 })).toString(), 'whole');
  });

  test('a blob torn by kill -9 is missing, its remains are deleted by id, and sealed ones are whole', async () => {
    await using fixture = await openIn(adapter);
    const child = fork(new URL('./torn-process.ts', import.meta.url), [adapter.name, fixture.folder]);
    const [ids] = (await once(child, 'message')) as [{ sealed: BlobId; torn: BlobId }];
    child.kill('SIGKILL');
    await once(child, 'exit');
    assert.ok((await load(fixture.store, ids.sealed, { start: 0, end: 3 * MIB })).equals(pattern(3 * MIB)));
    await assert.rejects(load(fixture.store, ids.torn, { start: 0, end: 1 }), BlobMissingError);
    await fixture.store.delete(ids.torn, POOL);
    assert.equal(await adapter.countStored(fixture.folder), 1);
  });
}
