// Bounds of the decoder; that it decodes is tested through open-body.test.ts.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { AwsChunkedDecoder } from './aws-chunked.ts';

const newDecoder = (decodedBytes = 5): AwsChunkedDecoder =>
  new AwsChunkedDecoder({ decodedBytes, verifier: null, trailers: true });

/** pushes `text` byte by byte until it throws; returns how many bytes were taken */
function bytesTaken(decoder: AwsChunkedDecoder, text: string): number {
  const bytes = Buffer.from(text);
  for (let index = 0; index < bytes.length; index++) {
    try {
      decoder.push(bytes.subarray(index, index + 1));
    } catch {
      return index;
    }
  }
  return bytes.length;
}

test('a chunk header that does not end is given up after 256 bytes', () => {
  assert.equal(bytesTaken(newDecoder(), '0'.repeat(10_000)), 256);
});

test('trailers that do not end are given up after 4 KiB, in one line or in many', () => {
  assert.equal(bytesTaken(newDecoder(0), `0\r\n${'x'.repeat(10_000)}`), 3 + 4096);
  assert.ok(bytesTaken(newDecoder(0), `0\r\n${'x\r\n'.repeat(10_000)}`) <= 3 + 4096 + 2);
});

test('a chunk that exceeds the announced length is refused before its data', () => {
  assert.equal(bytesTaken(newDecoder(5), '6\r\nhello!\r\n'), 2);
});

test('the data is a view of what came in', () => {
  const input = Buffer.from('5\r\nhello\r\n0\r\n\r\n');
  const [data] = newDecoder().push(input);
  assert.equal(data?.buffer, input.buffer);
  assert.deepEqual(data, input.subarray(3, 8));
});
