import assert from 'node:assert/strict';
import { createHash, randomBytes } from 'node:crypto';
import { test } from 'node:test';
import { S3Error } from '../shared/errors.ts';
import { parseCustomerKey } from './customer-key.ts';
import type { S3Request } from './operation.ts';

const NAME = 'x-amz-server-side-encryption-customer-';
const bytes = randomBytes(32);
const headers = new Map([
  [`${NAME}algorithm`, 'AES256'],
  [`${NAME}key`, bytes.toString('base64')],
  [`${NAME}key-md5`, createHash('md5').update(bytes).digest('base64')],
]);

function request(more: Partial<S3Request>): S3Request {
  return {
    id: '0',
    method: 'GET',
    rawPath: '/b/k',
    rawQuery: '',
    query: new Map(),
    headers,
    bucket: null,
    key: null,
    host: 'localhost',
    clientAddress: '127.0.0.1',
    secure: true,
    receivedAt: 0,
    requestedRegion: 'HAN02',
    ...more,
  };
}

// checklist 54
test('a customer key that came over plain HTTP is refused, whatever else it is', () => {
  assert.throws(
    () => parseCustomerKey(request({ secure: false })),
    (error: unknown) => error instanceof S3Error && error.code === 'InvalidRequest' && /secure/.test(error.message),
  );
  assert.equal(parseCustomerKey(request({ secure: false, headers: new Map() })), null);
});

test('a customer key shows itself in no text that is made of it', () => {
  const key = parseCustomerKey(request({}));
  assert.ok(key !== null && key.key.export().equals(bytes));
  assert.ok(!JSON.stringify(key).includes(bytes.toString('base64')));
});

test('the source of a copy has a key of its own', () => {
  const ofSource = new Map([...headers].map(([name, value]) => [name.replace('x-amz-', 'x-amz-copy-source-'), value]));
  assert.equal(parseCustomerKey(request({ headers: ofSource })), null);
  assert.ok(parseCustomerKey(request({ headers: ofSource }), 'x-amz-copy-source-') !== null);
});
