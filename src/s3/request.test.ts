import assert from 'node:assert/strict';
import { test } from 'node:test';
import { readHeaders, splitTarget } from './request.ts';

test('repeated headers are joined in the order sent', () => {
  const headers = readHeaders(['X-Amz-Meta-A', '1', 'Host', 'h', 'x-amz-meta-a', '2']);
  assert.equal(headers.get('x-amz-meta-a'), '1,2');
});

test('a header that may stand once is refused when it comes twice', () => {
  for (const name of ['Host', 'Authorization', 'X-Amz-Content-Sha256', 'Range', 'x-amz-copy-source']) {
    assert.throws(() => readHeaders([name, 'a', name.toLowerCase(), 'a']), { code: 'InvalidRequest' }, name);
  }
});

test('a target is split at its first question mark, and an absolute one loses scheme and host', () => {
  assert.deepEqual(splitTarget('/a/b?c=d?e'), { rawPath: '/a/b', rawQuery: 'c=d?e' });
  assert.deepEqual(splitTarget('https://host:1/a?b'), { rawPath: '/a', rawQuery: 'b' });
  assert.deepEqual(splitTarget('https://host'), { rawPath: '/', rawQuery: '' });
  assert.deepEqual(splitTarget('//a'), { rawPath: '//a', rawQuery: '' });
});
