// A damaged blob is an error, never wrong bytes; and what is damaged elsewhere does not matter.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { BlobCorruptError } from '../../../src/blobs/blob-store.ts';
import type { BlobAdapter } from '../adapters.ts';
import { openIn } from '../fixture.ts';
import { KIB, load, POOL, pattern, store } from './blobs.ts';

export function damageTests(adapter: BlobAdapter): void {
  test('any byte of a small blob, inverted, is found', async () => {
    await using fixture = await openIn(adapter);
    const data = pattern(100);
    const id = await store(fixture.store, data);
    const stored = await adapter.stored(fixture.folder, id, POOL);
    for (let position = 0; position < stored.sizeBytes; position++) {
      await stored.invertByte(position);
      await assert.rejects(load(fixture.store, id, { start: 0, end: 100 }), BlobCorruptError, `byte ${position}`);
      await stored.invertByte(position);
    }
    assert.ok((await load(fixture.store, id, { start: 0, end: 100 })).equals(data));
  });

  test('wherever a large blob is damaged, nothing wrong is handed out before the error', async () => {
    await using fixture = await openIn(adapter);
    const data = pattern(1_300 * KIB);
    const id = await store(fixture.store, data);
    const stored = await adapter.stored(fixture.folder, id, POOL);
    await fc.assert(
      fc.asyncProperty(fc.integer({ min: 0, max: stored.sizeBytes - 1 }), async (position) => {
        await stored.invertByte(position);
        const received = await loadUntilError(fixture.store, id, data.length);
        await stored.invertByte(position);
        assert.ok(received.error instanceof BlobCorruptError);
        assert.ok(received.bytes.equals(data.subarray(0, received.bytes.length)));
      }),
      { numRuns: 25 },
    );
  });

  test('a range that does not touch the damaged block is read', async () => {
    await using fixture = await openIn(adapter);
    const data = pattern(256 * KIB);
    const id = await store(fixture.store, data);
    const stored = await adapter.stored(fixture.folder, id, POOL);
    await stored.invertByte(Math.floor(stored.sizeBytes / 2) + 100);
    const [first, last] = [
      { start: 0, end: 100 * KIB },
      { start: 200 * KIB, end: 256 * KIB },
    ];
    assert.ok((await load(fixture.store, id, first)).equals(data.subarray(first.start, first.end)));
    assert.ok((await load(fixture.store, id, last)).equals(data.subarray(last.start, last.end)));
    await assert.rejects(load(fixture.store, id, { start: 130 * KIB, end: 131 * KIB }), BlobCorruptError);
  });

  test('a blob that lost its end is found out, wherever it was cut', async () => {
    await using fixture = await openIn(adapter);
    const data = pattern(200 * KIB);
    for (const share of [0, 0.0001, 0.3, 0.5, 0.999]) {
      const id = await store(fixture.store, data);
      const stored = await adapter.stored(fixture.folder, id, POOL);
      await stored.truncate(Math.floor(stored.sizeBytes * share));
      await assert.rejects(load(fixture.store, id, { start: 0, end: data.length }), BlobCorruptError);
    }
  });

  test('a blob that is shorter than its reader expects is corrupt', async () => {
    await using fixture = await openIn(adapter);
    const id = await store(fixture.store, pattern(1_000));
    await assert.rejects(load(fixture.store, id, { start: 0, end: 1_001 }), BlobCorruptError);
  });
}

type Store = Awaited<ReturnType<BlobAdapter['open']>>;

async function loadUntilError(
  blobs: Store,
  id: Parameters<Store['read']>[0],
  sizeBytes: number,
): Promise<{ bytes: Buffer; error: unknown }> {
  const chunks: Uint8Array[] = [];
  try {
    for await (const chunk of await blobs.read(id, POOL, { start: 0, end: sizeBytes })) chunks.push(chunk);
    return { bytes: Buffer.concat(chunks), error: null };
  } catch (error) {
    return { bytes: Buffer.concat(chunks), error };
  }
}
