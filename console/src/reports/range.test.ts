import assert from 'node:assert/strict';
import { test } from 'node:test';
import { askedFor, daysOf, kindOfRange, spanOf } from './range.ts';

const now = new Date(2026, 2, 15, 10, 30);
const days = (text: string) => daysOf(spanOf(text, now));

test('quick ranges begin and end at midnight of the reader', () => {
  assert.deepEqual(days('today'), { first: '2026-03-15', last: '2026-03-15' });
  assert.deepEqual(days('yesterday'), { first: '2026-03-14', last: '2026-03-14' });
  assert.deepEqual(days('this-month'), { first: '2026-03-01', last: '2026-03-15' });
  assert.deepEqual(days('last-month'), { first: '2026-02-01', last: '2026-02-28' });
  assert.equal(spanOf('yesterday', now).to.getHours(), 0);
});

test('relative ranges go back from now, absolute ones include both days', () => {
  assert.equal(now.getTime() - spanOf('24h', now).from.getTime(), 86_400_000);
  assert.equal(now.getTime() - spanOf('7d', now).from.getTime(), 7 * 86_400_000);
  assert.deepEqual(days('2026-01-05..2026-01-07'), { first: '2026-01-05', last: '2026-01-07' });
  assert.deepEqual([kindOfRange('7d'), kindOfRange('today'), kindOfRange('a..b')], ['relative', 'quick', 'absolute']);
});

test('what is no range is this month', () => {
  for (const text of ['', 'x', '2026-02-30x..', '2026-03-02..2026-03-01']) {
    assert.deepEqual(days(text), days('this-month'), text);
  }
});

test('a report of up to three days is by the hour', () => {
  assert.equal(askedFor(spanOf('3d', now), 'all').step, 'hour');
  assert.equal(askedFor(spanOf('7d', now), 'all').step, 'day');
});
