import assert from 'node:assert/strict';
import { test } from 'node:test';
import { parseReturnPath } from './return-path.ts';

test('a page of the console is returned to', () => {
  assert.deepEqual(parseReturnPath('/projects/1/access?x=1'), { redirect: '/projects/1/access?x=1' });
});

test('other sites, the sign-in page and nonsense are not', () => {
  for (const value of [
    'https://evil.example',
    '//evil.example',
    '/\\evil.example',
    '/signin?redirect=/x',
    '',
    7,
    null,
  ]) {
    assert.deepEqual(parseReturnPath(value), {});
  }
});
