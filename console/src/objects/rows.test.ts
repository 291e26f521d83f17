import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Entry } from './listing.ts';
import { arrange, keyOf } from './rows.ts';

const file = (key: string, bytes = 0): Entry => ({
  kind: 'object',
  key,
  bytes,
  lastModified: '2026-01-01T00:00:00.000Z',
  etag: '',
  storageClass: 'STANDARD',
  contentType: null,
});
const rows: Entry[] = [
  file('10.txt', 1),
  file('2.txt', 30),
  { kind: 'prefix', prefix: 'b/' },
  file('Ảnh', 2),
  { kind: 'prefix', prefix: 'a/' },
];
const plain = { sorting: null, language: 'en', complete: true };

test('a small folder shows folders first and numbers by value', () => {
  assert.deepEqual(arrange(rows, plain).map(keyOf), ['a/', 'b/', '2.txt', '10.txt', 'Ảnh']);
});

test('what is not all there stays in the order of its keys, unless a column was chosen', () => {
  assert.equal(arrange(rows, { ...plain, complete: false }), rows);
  const bySize = { ...plain, complete: false, sorting: { column: 'size', descending: true } };
  assert.deepEqual(arrange(rows, bySize).map(keyOf), ['a/', 'b/', '2.txt', 'Ảnh', '10.txt']);
});

test('names can be turned round, folders stay above', () => {
  const view = { ...plain, sorting: { column: 'name', descending: true } };
  assert.deepEqual(arrange(rows, view).map(keyOf), ['b/', 'a/', 'Ảnh', '10.txt', '2.txt']);
});

test('versions of a key stay together, newest first', () => {
  const version = (key: string, versionId: string): Entry => ({
    kind: 'version',
    key,
    versionId,
    isLatest: false,
    deleteMarker: false,
    bytes: 0,
    lastModified: '2026-01-01T00:00:00.000Z',
    etag: null,
    storageClass: null,
    contentType: null,
    locked: false,
  });
  const found = arrange([version('b', '2'), version('b', '1'), version('a', '9')], plain);
  assert.deepEqual(
    found.map((row) => (row.kind === 'version' ? row.versionId : '')),
    ['9', '2', '1'],
  );
});
