import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { test } from 'node:test';
import fc from 'fast-check';
import { BlobCorruptError } from '../blobs/blob-store.ts';
import {
  BodySealer,
  CHUNK_BYTES,
  newBodyCipher,
  openSealedBody,
  openSealedBytes,
  sealBody,
  sealedSize,
} from './body-cipher.ts';
import { newDataKey } from './data-keys.ts';

const STORED = 65_536;

/** What the store hands out, in pieces of any length. */
function reader(stored: Uint8Array, pieceBytes = STORED) {
  const asked: { start: number; end: number }[] = [];
  async function* pieces(range: { start: number; end: number }): AsyncGenerator<Uint8Array> {
    for (let at = range.start; at < Math.min(range.end, stored.length); at += pieceBytes) {
      yield stored.subarray(at, Math.min(at + pieceBytes, range.end));
    }
  }
  const read = async (range: { start: number; end: number }) => {
    asked.push(range);
    return pieces(range);
  };
  return { read, asked };
}

async function open(
  dataKey: ReturnType<typeof newDataKey>,
  cipher: ReturnType<typeof newBodyCipher>,
  stored: Uint8Array,
  options: { sizeBytes: number; range?: { start: number; end: number }; pieceBytes?: number },
): Promise<Buffer> {
  const { sizeBytes, range = { start: 0, end: sizeBytes }, pieceBytes } = options;
  const body = { dataKey, cipher, sizeBytes, read: reader(stored, pieceBytes).read };
  return Buffer.concat(await Array.fromAsync(await openSealedBody(body, range)));
}

const edge = fc.constantFrom(0, 1, CHUNK_BYTES - 1, CHUNK_BYTES, CHUNK_BYTES + 1, 2 * CHUNK_BYTES, 2 * CHUNK_BYTES + 7);

test('any range of a body of any size is what it was, however the bytes arrive and are stored', async () => {
  const shape = fc.record({
    size: fc.oneof(edge, fc.nat(200_000)),
    from: fc.oneof(edge, fc.nat(200_000)),
    to: fc.oneof(edge, fc.nat(200_000)),
    pushBytes: fc.constantFrom(1000, 65_536, 70_001, 1_000_000),
    pieceBytes: fc.constantFrom(997, STORED, 100_000),
  });
  await fc.assert(
    fc.asyncProperty(shape, async ({ size, from, to, pushBytes, pieceBytes }) => {
      const [dataKey, cipher, plain] = [newDataKey(), newBodyCipher(), randomBytes(size)];
      const sealer = new BodySealer(dataKey, cipher);
      const pieces: Uint8Array[] = [];
      for (let at = 0; at < size; at += pushBytes) pieces.push(...sealer.push(plain.subarray(at, at + pushBytes)));
      const stored = Buffer.concat([...pieces, ...sealer.end()]);
      assert.equal(stored.length, sealedSize(size));
      const start = Math.min(from, to, size);
      const range = { start, end: Math.min(Math.max(from, to), size) };
      const opened = await open(dataKey, cipher, stored, { sizeBytes: size, range, pieceBytes });
      assert.ok(opened.equals(plain.subarray(range.start, range.end)));
      const whole = openSealedBytes({ dataKey, cipher, sizeBytes: size }, stored, range);
      assert.ok(whole.equals(opened));
    }),
    { numRuns: 150 },
  );
});

test('a changed byte anywhere is an error, never wrong bytes', async () => {
  const [dataKey, cipher] = [newDataKey(), newBodyCipher()];
  const plain = randomBytes(2 * CHUNK_BYTES + 100);
  const stored = sealBody(dataKey, cipher, plain);
  const edges = [0, 1, CHUNK_BYTES, STORED - 1, STORED, 2 * STORED - 1, 2 * STORED, stored.length - 1];
  const places = [...edges, ...Array.from({ length: 200 }, () => Math.floor(Math.random() * stored.length))];
  for (const place of places) {
    const changed = Buffer.from(stored);
    changed[place] = (changed[place] ?? 0) ^ 1;
    const yielded: Uint8Array[] = [];
    const body = { dataKey, cipher, sizeBytes: plain.length, read: reader(changed).read };
    await assert.rejects(async () => {
      for await (const chunk of await openSealedBody(body, { start: 0, end: plain.length })) yielded.push(chunk);
    }, BlobCorruptError);
    const good = Buffer.concat(yielded);
    assert.ok(good.equals(plain.subarray(0, good.length)), `byte ${place}`);
    assert.ok(good.length <= Math.floor(place / STORED) * CHUNK_BYTES, `byte ${place}`);
  }
});

test('chunks that are left out, moved, repeated or taken from another body do not open', async () => {
  const [dataKey, cipher] = [newDataKey(), newBodyCipher()];
  const plain = randomBytes(3 * CHUNK_BYTES);
  const stored = sealBody(dataKey, cipher, plain);
  const other = sealBody(dataKey, newBodyCipher(), plain);
  const chunk = (bytes: Buffer, index: number): Buffer => bytes.subarray(index * STORED, (index + 1) * STORED);
  const [a, b, c] = [chunk(stored, 0), chunk(stored, 1), chunk(stored, 2)];
  const wrong: [Buffer, sizeBytes: number][] = [
    [Buffer.concat([a, b]), plain.length],
    [Buffer.concat([a, b]), 2 * CHUNK_BYTES],
    [Buffer.concat([b, a, c]), plain.length],
    [Buffer.concat([a, a, c]), plain.length],
    [Buffer.concat([a, c]), 2 * CHUNK_BYTES],
    [Buffer.concat([a, chunk(other, 1), c]), plain.length],
    [other, plain.length],
    [Buffer.concat([a, b, c.subarray(0, 10)]), 2 * CHUNK_BYTES + 10],
    [Buffer.alloc(0), plain.length],
  ];
  for (const [bytes, sizeBytes] of wrong) {
    await assert.rejects(open(dataKey, cipher, bytes, { sizeBytes }), BlobCorruptError);
    const range = { start: 0, end: sizeBytes };
    assert.throws(() => openSealedBytes({ dataKey, cipher, sizeBytes }, bytes, range), BlobCorruptError);
  }
  await assert.rejects(open(newDataKey(), cipher, stored, { sizeBytes: plain.length }), BlobCorruptError);
});

test('an empty body is stored as one tag, and two bodies of the same bytes share nothing', () => {
  const dataKey = newDataKey();
  assert.equal(sealBody(dataKey, newBodyCipher(), Buffer.alloc(0)).length, 16);
  const [one, two] = [newBodyCipher(), newBodyCipher()].map((cipher) => sealBody(dataKey, cipher, Buffer.alloc(64)));
  assert.ok(one !== undefined && two !== undefined && !one.equals(two));
});

test('a range reads only the chunks it touches', async () => {
  const [dataKey, cipher] = [newDataKey(), newBodyCipher()];
  const plain = randomBytes(10 * CHUNK_BYTES);
  const { read, asked } = reader(sealBody(dataKey, cipher, plain));
  const range = { start: 3 * CHUNK_BYTES + 5, end: 4 * CHUNK_BYTES + 1 };
  await Array.fromAsync(await openSealedBody({ dataKey, cipher, sizeBytes: plain.length, read }, range));
  assert.deepEqual(asked, [{ start: 3 * STORED, end: 5 * STORED }]);
});
