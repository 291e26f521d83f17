import assert from 'node:assert/strict';
import { test } from 'node:test';
import { matchFiles, newItem, partBytesFor, type PickedFile } from './item.ts';

const GIB = 1024 ** 3;
const place = { projectId: 'p', bucket: 'b' };
const picked = (path: string, text: string, lastModified: number): PickedFile => ({
  file: new File([text], path.slice(path.lastIndexOf('/') + 1), { lastModified }),
  path,
  handle: null,
});
const item = (one: PickedFile) => newItem('tab', place, 'in/', one);

test('parts are 16 MiB, and larger only where 10,000 of them would not do', () => {
  assert.equal(partBytesFor(5 * GIB), 16 * 1024 ** 2);
  assert.equal(partBytesFor(5 * 1024 * GIB) % 1024 ** 2, 0);
  assert.ok((5 * 1024 * GIB) / partBytesFor(5 * 1024 * GIB) <= 10_000);
});

test('files chosen again are found by path, size and time; one chosen alone by its name', () => {
  const items = [item(picked('a/1.txt', 'x', 5)), item(picked('b/1.txt', 'y', 6)), item(picked('b/2.txt', 'z', 7))];
  const whole = matchFiles(items, [picked('b/1.txt', 'y', 6), picked('a/1.txt', 'x', 5)]);
  assert.deepEqual(
    [...whole.keys()].map(({ key }) => key),
    ['in/b/1.txt', 'in/a/1.txt'],
  );
  assert.equal(matchFiles(items, [picked('2.txt', 'z', 7)]).size, 1);
  assert.equal(matchFiles(items, [picked('b/2.txt', 'zz', 7), picked('b/2.txt', 'z', 8)]).size, 0, 'changed meanwhile');
  const twins = [item(picked('a/1.txt', 'x', 5)), item(picked('b/1.txt', 'x', 5))];
  assert.equal(matchFiles(twins, [picked('1.txt', 'x', 5)]).size, 0, 'it could be either');
});
