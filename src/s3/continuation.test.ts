import assert from 'node:assert/strict';
import { test } from 'node:test';
import { decodeToken, encodeToken } from './continuation.ts';
import type { S3Request } from './operation.ts';

const request = (token?: string) =>
  ({ query: new Map(token === undefined ? [] : [['continuation-token', token]]) }) as unknown as S3Request;

test('a token leads back to where the page ended', () => {
  for (const key of ['a', 'a/', 'é\u{1f600}', 'x\u0000y']) assert.equal(decodeToken(request(encodeToken(key))), key);
});

test('no token is no token; an empty or a made-up one is refused', () => {
  assert.equal(decodeToken(request()), null);
  for (const token of ['', '1', 'abc', encodeToken('key').slice(0, -1), `${encodeToken('key')}=`]) {
    assert.throws(() => decodeToken(request(token)), { code: 'InvalidArgument' }, token);
  }
});
