import assert from 'node:assert/strict';
import { test } from 'node:test';
import { ProblemError } from '../shared/errors.ts';
import { encodeCursor, newestFirst, paginate } from './paging.ts';

const names = ['delta', 'alpha', 'echo', 'bravo', 'charlie'];
const self = (name: string): string => name;

test('pages follow one another in order until the cursor is null', () => {
  const first = paginate(names, self, { limit: 2 });
  assert.deepEqual(first.items, ['alpha', 'bravo']);
  assert.ok(first.nextCursor);
  const second = paginate(names, self, { limit: 2, cursor: first.nextCursor });
  assert.deepEqual(second.items, ['charlie', 'delta']);
  assert.ok(second.nextCursor);
  assert.deepEqual(paginate(names, self, { limit: 2, cursor: second.nextCursor }), {
    items: ['echo'],
    nextCursor: null,
  });
});

test('a page that holds everything has no next cursor', () => {
  assert.equal(paginate(names, self, { limit: 5 }).nextCursor, null);
});

test('what is deleted between two pages neither hides nor repeats another item', () => {
  const first = paginate(names, self, { limit: 2 });
  assert.ok(first.nextCursor);
  const rest = names.filter((name) => name !== 'bravo' && name !== 'alpha');
  assert.deepEqual(paginate(rest, self, { limit: 9, cursor: first.nextCursor }).items, ['charlie', 'delta', 'echo']);
});

test('a cursor that the server did not make is refused', () => {
  for (const cursor of ['', '%%%', 'a b', `${encodeCursor('x')}=`]) {
    assert.throws(
      () => paginate(names, self, { limit: 2, cursor }),
      (error) => error instanceof ProblemError && error.code === 'invalid-cursor',
      cursor,
    );
  }
});

test('newest come first', () => {
  const times = [1_700_000_000_000, 999, 1_900_000_000_000];
  assert.deepEqual(
    paginate(times, (at) => newestFirst(at, 'id'), { limit: 9 }).items,
    [1_900_000_000_000, 1_700_000_000_000, 999],
  );
});
