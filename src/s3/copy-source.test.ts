import assert from 'node:assert/strict';
import { test } from 'node:test';
import { makeRequest } from '../../test/support/signing-requests.ts';
import { parseCopySource, readSource } from './copy-source.ts';

const sourceOf = (header: string) =>
  parseCopySource(makeRequest({ method: 'PUT', target: '/to/key', headers: { 'x-amz-copy-source': header } }));

test('a copy of a version asks for the right to that version, not to the current one', () => {
  const source = sourceOf('/from/a%20key?versionId=0123456789abcdefghijklmnopqrstuv');
  assert.deepEqual(readSource(source), {
    action: 's3:GetObjectVersion',
    on: { bucket: 'from', key: 'a key', versionId: '0123456789abcdefghijklmnopqrstuv' },
  });
});

test('a copy of the current version asks for the right to the object', () => {
  assert.deepEqual(readSource(sourceOf('from/a%20key')), {
    action: 's3:GetObject',
    on: { bucket: 'from', key: 'a key', versionId: null },
  });
});
