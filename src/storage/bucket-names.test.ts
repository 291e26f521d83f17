import assert from 'node:assert/strict';
import { test } from 'node:test';
import { S3Error } from '../shared/errors.ts';
import { parseBucketName } from './bucket-names.ts';

for (const name of ['abc', 'a.b', 'my-bucket', '1abc', 'a--b', 'a1.b2.c3', '1.2.3', 'x'.repeat(63), '192.168.1.x']) {
  test(`"${name}" is a bucket name`, () => assert.equal(parseBucketName(name), name));
}

const bad = [
  '',
  'ab',
  'x'.repeat(64),
  'Abc',
  'a_b',
  'a..b',
  'a.-b',
  'a-.b',
  '-abc',
  'abc-',
  '.abc',
  'abc.',
  'a b',
  'bücket',
  '192.168.5.4',
  'xn--abc',
  'sthree-abc',
  'amzn-s3-demo-abc',
  'abc-s3alias',
  'abc--ol-s3',
  'abc.mrap',
  'abc--x-s3',
  'abc--table-s3',
  'abc\n',
  'alpha!soup',
];
for (const name of bad) {
  test(`${JSON.stringify(name)} is not a bucket name`, () => {
    assert.throws(
      () => parseBucketName(name),
      (error) => error instanceof S3Error && error.code === 'InvalidBucketName',
    );
  });
}
