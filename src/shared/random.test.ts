import assert from 'node:assert/strict';
import { test } from 'node:test';
import { randomPiece } from './random.ts';

test('pieces are of the length asked for, all different, and stay what they were', () => {
  const pieces = Array.from({ length: 5000 }, (_, index) => randomPiece(8 + (index % 25)));
  assert.deepEqual(
    pieces.map(({ length }) => length),
    pieces.map((_, index) => 8 + (index % 25)),
  );
  assert.equal(new Set(pieces.map((piece) => piece.toString('hex'))).size, pieces.length);
  assert.ok(pieces.every((piece) => piece.some((byte) => byte !== 0)));
});

test('no piece is larger than the pool', () => {
  assert.equal(randomPiece(8192).length, 8192);
  assert.throws(() => randomPiece(8193), RangeError);
});
