// What was sealed is read back, whole and in every range.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { BlobMissingError } from '../../../src/blobs/blob-store.ts';
import { newBlobId } from '../../../src/shared/ids.ts';
import type { BlobAdapter } from '../adapters.ts';
import { openIn } from '../fixture.ts';
import { KIB, load, MIB, POOL, pattern, store } from './blobs.ts';

const sizes = [0, 1, 63, 64 * KIB - 1, 64 * KIB, 64 * KIB + 1, 512 * KIB - 1, 512 * KIB, 512 * KIB + 1, 3 * MIB + 17];

export function roundTripTests(adapter: BlobAdapter): void {
  test('blobs of every size come back whole', async () => {
    await using fixture = await openIn(adapter);
    for (const sizeBytes of sizes) {
      const data = pattern(sizeBytes);
      const id = await store(fixture.store, data);
      assert.ok((await load(fixture.store, id, { start: 0, end: sizeBytes })).equals(data), `${sizeBytes} bytes`);
    }
  });

  test('how the bytes were cut into chunks makes no difference', async () => {
    await using fixture = await openIn(adapter);
    for (const [sizeBytes, chunkBytes] of [
      [2_000, 1],
      [200_000, 333],
      [300_000, 65_536],
      [5 * MIB, 5 * MIB],
    ] as const) {
      const data = pattern(sizeBytes);
      const id = await store(fixture.store, data, chunkBytes);
      assert.ok((await load(fixture.store, id, { start: 0, end: sizeBytes })).equals(data), `chunks of ${chunkBytes}`);
    }
  });

  test('a chunk may be used again by its owner once it was written', async () => {
    await using fixture = await openIn(adapter);
    const id = newBlobId(Date.now());
    const chunk = Buffer.alloc(100 * KIB, 1);
    await using staged = await fixture.store.stage(id, POOL);
    await staged.write(chunk);
    await staged.write(new Uint8Array(0));
    await staged.seal();
    chunk.fill(2);
    assert.ok((await load(fixture.store, id, { start: 0, end: chunk.length })).every((byte) => byte === 1));
  });

  test('ranges at and around every edge of a block are exact', async () => {
    await using fixture = await openIn(adapter);
    const data = pattern(600 * KIB + 5);
    const id = await store(fixture.store, data);
    const edges = [0, 1, 64 * KIB - 1, 64 * KIB, 64 * KIB + 1, 512 * KIB - 1, 512 * KIB, 512 * KIB + 1];
    edges.push(data.length - 1, data.length);
    for (const start of edges) {
      for (const end of edges.filter((edge) => edge >= start)) {
        assert.ok((await load(fixture.store, id, { start, end })).equals(data.subarray(start, end)), `${start}–${end}`);
      }
    }
  });

  test('any range is exact', async () => {
    await using fixture = await openIn(adapter);
    const data = pattern(1_500_000);
    const id = await store(fixture.store, data);
    const offset = fc.integer({ min: 0, max: data.length });
    await fc.assert(
      fc.asyncProperty(offset, offset, async (a, b) => {
        const [start, end] = [Math.min(a, b), Math.max(a, b)];
        assert.ok((await load(fixture.store, id, { start, end })).equals(data.subarray(start, end)));
      }),
      { numRuns: 40 },
    );
  });

  test('many blobs are written and read at once', async () => {
    await using fixture = await openIn(adapter);
    await Promise.all(
      Array.from({ length: 40 }, async (_, index) => {
        const data = pattern(index * 9_973);
        const id = await store(fixture.store, data);
        assert.ok((await load(fixture.store, id, { start: 0, end: data.length })).equals(data));
      }),
    );
  });

  test('pools are apart', async () => {
    await using fixture = await openIn(adapter);
    const id = await store(fixture.store, pattern(10), 10, 'STANDARD_IA');
    await assert.rejects(load(fixture.store, id, { start: 0, end: 10 }), BlobMissingError);
    assert.equal((await load(fixture.store, id, { start: 0, end: 10 }, 'STANDARD_IA')).length, 10);
  });

  test('a deleted blob is missing, and deleting it again is no error', async () => {
    await using fixture = await openIn(adapter);
    const id = await store(fixture.store, pattern(100));
    await fixture.store.delete(id, POOL);
    await fixture.store.delete(id, POOL);
    await assert.rejects(load(fixture.store, id, { start: 0, end: 100 }), BlobMissingError);
    assert.equal(await adapter.countStored(fixture.folder), 0);
  });

  test('a blob that never was is missing, even for an empty range', async () => {
    await using fixture = await openIn(adapter);
    await assert.rejects(load(fixture.store, newBlobId(Date.now()), { start: 0, end: 0 }), BlobMissingError);
  });

  test('a store that is opened again has its blobs', async () => {
    await using fixture = await openIn(adapter);
    const id = await store(fixture.store, pattern(70_000));
    await fixture.store[Symbol.asyncDispose]();
    await using again = await adapter.open(fixture.folder);
    assert.ok((await load(again, id, { start: 0, end: 70_000 })).equals(pattern(70_000)));
    await again.ready();
  });
}
