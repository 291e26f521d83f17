import assert from 'node:assert/strict';
import { test } from 'node:test';
import { crc32 } from 'node:zlib';
import { base64ToHex, crcToBase64, updateCrc32 } from './crc32.ts';

test('the CRC is that of zlib, for every length and however the bytes are cut', () => {
  const bytes = Buffer.from(Array.from({ length: 5000 }, (_, index) => (index * 31 + (index >> 3)) & 0xff));
  for (const length of [0, 1, 15, 16, 17, 31, 32, 33, 4999, 5000]) {
    assert.equal(updateCrc32(0, bytes.subarray(0, length)), crc32(bytes.subarray(0, length)), String(length));
  }
  let state = 0;
  for (const [from, to] of [
    [0, 7],
    [7, 1000],
    [1000, 1000],
    [1000, 5000],
  ])
    state = updateCrc32(state, bytes.subarray(from, to));
  assert.equal(state, crc32(bytes));
  const odd = bytes.subarray(3);
  assert.equal(updateCrc32(0, odd), crc32(odd), 'bytes that begin anywhere in their buffer');
});

test('a checksum is written for the server and for people', () => {
  const crc = crc32('123456789');
  assert.equal(crcToBase64(crc), 'y/Q5Jg==');
  assert.equal(base64ToHex('y/Q5Jg=='), 'cbf43926');
});
