import assert from 'node:assert/strict';
import { test } from 'node:test';
import { bucketNameProblem } from './bucket-name.ts';

test('a bucket’s name is told wrong while it is typed, with the reason', () => {
  const names = ['photos', 'my.photos-2', 'ab', 'Photos', 'ảnh', '-photos', 'photos.', 'a..b', 'a.-b', '10.0.0.1'];
  assert.deepEqual(names.map(bucketNameProblem), [
    null,
    null,
    'short',
    'letters',
    'letters',
    'ends',
    'ends',
    'dots',
    'dots',
    'address',
  ]);
});
