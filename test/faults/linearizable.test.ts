import assert from 'node:assert/strict';
import { test } from 'node:test';
import { isLinearizable, type RegisterOperation } from './linearizable.ts';

const write = (value: string | null, begunAt: number, endedAt: number): RegisterOperation => ({
  kind: 'write',
  value,
  begunAt,
  endedAt,
});
const read = (value: string | null, begunAt: number, endedAt: number): RegisterOperation => ({
  ...write(value, begunAt, endedAt),
  kind: 'read',
});

test('a read during a write may see either value, a read after it only the new one', () => {
  assert.ok(isLinearizable([write('a', 0, 10), read(null, 5, 6), read('a', 11, 12)]));
  assert.ok(!isLinearizable([write('a', 0, 10), read(null, 11, 12)]));
});

test('once the new value was seen, the old one cannot come back', () => {
  assert.ok(!isLinearizable([write('a', 0, 1), write('b', 2, 20), read('b', 3, 4), read('a', 5, 6)]));
});

test('what was never answered may have happened, or not', () => {
  const lost = write('a', 0, Number.POSITIVE_INFINITY);
  assert.ok(isLinearizable([lost, read(null, 5, 6)]));
  assert.ok(isLinearizable([lost, read(null, 5, 6), read('a', 7, 8)]));
  assert.ok(!isLinearizable([lost, read('a', 5, 6), read(null, 7, 8)]));
});

test('two writes at once end in one of both for everybody', () => {
  const both = [write('a', 0, 10), write('b', 0, 10)];
  assert.ok(isLinearizable([...both, read('a', 11, 12), read('a', 13, 14)]));
  assert.ok(!isLinearizable([...both, read('a', 11, 12), read('b', 13, 14)]));
});
