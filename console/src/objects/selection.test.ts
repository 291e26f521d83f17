import assert from 'node:assert/strict';
import { test } from 'node:test';
import { clear, extendTo, moveTo, nothingSelected, only, selectAll, toggle } from './selection.ts';

const rows = { count: 5, idAt: (index: number) => 'abcde'[index] };
const chosen = ({ ids }: { ids: ReadonlySet<string> }): string => [...ids].toSorted().join('');

test('arrows move without choosing; with Shift they choose what lies between, and let go on the way back', () => {
  let now = moveTo(nothingSelected, rows, 2, false);
  assert.deepEqual([now.active, chosen(now)], [2, '']);
  now = moveTo(now, rows, 4, true);
  assert.equal(chosen(now), 'cde');
  now = moveTo(now, rows, 1, true);
  assert.equal(chosen(now), 'bc');
  assert.equal(moveTo(now, rows, 99, false).active, 4);
  assert.equal(moveTo(now, rows, -3, false).active, 0);
});

test('one more, one less, a range from the last one, all and none', () => {
  let now = toggle(nothingSelected, rows, 1);
  now = toggle(now, rows, 3);
  assert.equal(chosen(now), 'bd');
  now = toggle(now, rows, 1);
  assert.equal(chosen(now), 'd');
  now = only(now, rows, 2);
  assert.equal(chosen(now), 'c');
  assert.equal(chosen(only(now, rows, 2)), '');
  now = toggle(nothingSelected, rows, 3);
  now = extendTo(now, rows, 4);
  assert.equal(chosen(now), 'de');
  assert.equal(chosen(selectAll(now, rows)), 'abcde');
  assert.equal(chosen(clear(now)), '');
  assert.equal(chosen(selectAll(now, { count: 0, idAt: () => undefined })), '');
});
