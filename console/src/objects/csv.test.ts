import assert from 'node:assert/strict';
import { test } from 'node:test';
import { parseCsv } from './csv.ts';

test('cells may be quoted, and hold separators, quotes and line ends', () => {
  assert.deepEqual(parseCsv('a,"b, c"\r\n"say ""hi""","two\nlines"\n', null, 10), [
    ['a', 'b, c'],
    ['say "hi"', 'two\nlines'],
  ]);
});

test('semicolons and tabs are recognised', () => {
  assert.deepEqual(parseCsv('a;b;c,d\n1;2;3', null, 10), [
    ['a', 'b', 'c,d'],
    ['1', '2', '3'],
  ]);
  assert.deepEqual(parseCsv('a\tb\n', null, 10), [['a', 'b']]);
});

test('a long file ends at the bound, an empty one has no rows', () => {
  assert.equal(parseCsv('x\n'.repeat(100), null, 7).length, 7);
  assert.deepEqual(parseCsv('', null, 10), []);
});
