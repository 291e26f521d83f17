import assert from 'node:assert/strict';
import { test } from 'node:test';
import { storedContentEncoding } from './content-encoding.ts';

test('aws-chunked is taken out of Content-Encoding and nothing else is touched', () => {
  assert.equal(storedContentEncoding(undefined), undefined);
  assert.equal(storedContentEncoding('aws-chunked'), undefined);
  assert.equal(storedContentEncoding('aws-chunked,gzip'), 'gzip');
  assert.equal(storedContentEncoding('gzip, AWS-Chunked , br'), 'gzip, br');
  assert.equal(storedContentEncoding('gzip,br'), 'gzip,br');
  assert.equal(storedContentEncoding(''), '');
});
