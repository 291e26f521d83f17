import assert from 'node:assert/strict';
import { test } from 'node:test';
import { searchRows, sortRows } from './use-table-view.ts';

const rows = [
  { name: 'demo-10', bytes: 2 },
  { name: 'Demo-2', bytes: 30 },
  { name: 'ảnh', bytes: 1 },
];
const columns = [
  { key: 'name', sort: (row: { name: string }) => row.name },
  { key: 'bytes', sort: (row: { bytes: number }) => row.bytes },
];
const names = (list: readonly { name: string }[]): string[] => list.map((row) => row.name);

test('names sort as people read them: numbers by value, case aside', () => {
  const sorted = sortRows(rows, columns, { column: 'name', descending: false }, 'en');
  assert.deepEqual(names(sorted), ['ảnh', 'Demo-2', 'demo-10']);
});

test('numbers sort as numbers, either way', () => {
  const sorted = sortRows(rows, columns, { column: 'bytes', descending: true }, 'en');
  assert.deepEqual(names(sorted), ['Demo-2', 'demo-10', 'ảnh']);
});

test('a column without a sort value leaves the order alone', () => {
  assert.deepEqual(sortRows(rows, [{ key: 'name' }], { column: 'name', descending: true }, 'en'), rows);
});

test('search ignores case and blanks around', () => {
  assert.deepEqual(names(searchRows(rows, '  DEMO ', (row) => row.name)), ['demo-10', 'Demo-2']);
});
