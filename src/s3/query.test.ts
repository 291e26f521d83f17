import assert from 'node:assert/strict';
import { test } from 'node:test';
import { parseQuery } from './query.ts';

test('parameters are decoded, and those without a value have an empty one', () => {
  assert.deepEqual(
    [...parseQuery('uploads&prefix=a%2Fb&marker=a+b%2Bc&x=a=b&empty=')],
    [
      ['uploads', ''],
      ['prefix', 'a/b'],
      ['marker', 'a b+c'],
      ['x', 'a=b'],
      ['empty', ''],
    ],
  );
});

test('an empty query has no parameters', () => {
  assert.equal(parseQuery('').size, 0);
  assert.equal(parseQuery('&&').size, 0);
});

test('a parameter given twice is refused', () => {
  assert.throws(() => parseQuery('prefix=a&prefix=b'), { code: 'InvalidArgument' });
  assert.throws(() => parseQuery('prefix=a&pref%69x=b'), { code: 'InvalidArgument' });
});

test('what cannot be decoded is InvalidURI', () => {
  assert.throws(() => parseQuery('prefix=%'), { code: 'InvalidURI' });
  assert.throws(() => parseQuery('prefix=%ff'), { code: 'InvalidURI' });
});
