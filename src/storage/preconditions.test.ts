import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { S3Error } from '../shared/errors.ts';
import { checkDelete, checkRead, checkWrite, type ReadConditions } from './preconditions.ts';

const object = { etag: 'abc', lastModified: 1_700_000_000_500 };
const none: ReadConditions = { ifMatch: null, ifNoneMatch: null, ifModifiedSince: null, ifUnmodifiedSince: null };
const [before, same, after] = [1_699_999_999_000, 1_700_000_000_000, 1_700_000_001_000];

const cases: readonly (readonly [string, Partial<ReadConditions>, ReturnType<typeof checkRead>])[] = [
  ['no condition', {}, 'ok'],
  ['If-Match names it', { ifMatch: '"abc"' }, 'ok'],
  ['If-Match without quotes', { ifMatch: 'abc' }, 'ok'],
  ['If-Match in a list', { ifMatch: '"x", "abc"' }, 'ok'],
  ['If-Match *', { ifMatch: '*' }, 'ok'],
  ['If-Match names another', { ifMatch: '"x"' }, 'failed'],
  ['If-None-Match names it', { ifNoneMatch: '"abc"' }, 'not-modified'],
  ['If-None-Match names it weakly', { ifNoneMatch: 'W/"abc"' }, 'not-modified'],
  ['If-None-Match *', { ifNoneMatch: '*' }, 'not-modified'],
  ['If-None-Match names another', { ifNoneMatch: '"x"' }, 'ok'],
  ['modified since before', { ifModifiedSince: before }, 'ok'],
  ['modified since the same second', { ifModifiedSince: same }, 'not-modified'],
  ['modified since later', { ifModifiedSince: after }, 'not-modified'],
  ['unmodified since before', { ifUnmodifiedSince: before }, 'failed'],
  ['unmodified since the same second', { ifUnmodifiedSince: same }, 'ok'],
  ['unmodified since later', { ifUnmodifiedSince: after }, 'ok'],
  ['If-Match true beats If-Unmodified-Since false', { ifMatch: '"abc"', ifUnmodifiedSince: before }, 'ok'],
  ['If-Match false beats If-Unmodified-Since true', { ifMatch: '"x"', ifUnmodifiedSince: after }, 'failed'],
  [
    'If-None-Match false beats If-Modified-Since true',
    { ifNoneMatch: '"abc"', ifModifiedSince: before },
    'not-modified',
  ],
  ['If-None-Match true beats If-Modified-Since false', { ifNoneMatch: '"x"', ifModifiedSince: after }, 'ok'],
  ['a failed If-Match comes before If-None-Match', { ifMatch: '"x"', ifNoneMatch: '"abc"' }, 'failed'],
];

for (const [name, conditions, expected] of cases) {
  test(`reading: ${name} is ${expected}`, () => {
    assert.equal(checkRead({ ...none, ...conditions }, object), expected);
  });
}

test('conditions of a read follow the precedence of RFC 9110', () => {
  const tag = fc.constantFrom(null, '"abc"', '"x"', '*');
  const date = fc.constantFrom(null, before, same, after);
  const record = fc.record({ ifMatch: tag, ifNoneMatch: tag, ifModifiedSince: date, ifUnmodifiedSince: date });
  fc.assert(
    fc.property(record, (conditions) => {
      const names = (text: string | null): boolean => text !== null && text !== '"x"';
      const { ifMatch, ifNoneMatch, ifModifiedSince, ifUnmodifiedSince } = conditions;
      const passes1 = ifMatch !== null ? names(ifMatch) : ifUnmodifiedSince !== before;
      const passes2 =
        ifNoneMatch !== null ? !names(ifNoneMatch) : ifModifiedSince === null || ifModifiedSince === before;
      const expected = !passes1 ? 'failed' : passes2 ? 'ok' : 'not-modified';
      assert.equal(checkRead(conditions, object), expected);
    }),
  );
});

const code = (wanted: string) => (error: unknown) => error instanceof S3Error && error.code === wanted;

test('writing: If-None-Match * wants no object, If-Match wants this one', () => {
  checkWrite({ ifMatch: null, ifNoneMatch: null }, object);
  checkWrite({ ifMatch: null, ifNoneMatch: '*' }, undefined);
  checkWrite({ ifMatch: '"abc"', ifNoneMatch: null }, object);
  assert.throws(() => checkWrite({ ifMatch: null, ifNoneMatch: '*' }, object), code('PreconditionFailed'));
  assert.throws(() => checkWrite({ ifMatch: '"x"', ifNoneMatch: null }, object), code('PreconditionFailed'));
  assert.throws(() => checkWrite({ ifMatch: '"abc"', ifNoneMatch: null }, undefined), code('NoSuchKey'));
  assert.throws(() => checkWrite({ ifMatch: null, ifNoneMatch: '"abc"' }, undefined), code('NotImplemented'));
});

test('deleting: If-Match wants the object to be there and unchanged', () => {
  checkDelete('*', object);
  checkDelete('"abc"', object);
  assert.throws(() => checkDelete('"x"', object), code('PreconditionFailed'));
  assert.throws(() => checkDelete('*', undefined), code('NoSuchKey'));
});
