import assert from 'node:assert/strict';
import { test } from 'node:test';
import { expiryOf, expiryTime } from './expiry.ts';

const now = Date.parse('2026-03-01T00:00:00Z');

test('never is null and days count from now', () => {
  assert.equal(expiryTime({ choice: 'never', local: '' }, now), null);
  assert.equal(expiryTime({ choice: '30', local: '' }, now), '2026-03-31T00:00:00.000Z');
});

test('a date that is missing or past is not an answer', () => {
  assert.equal(expiryTime({ choice: 'date', local: '' }, now), undefined);
  assert.equal(expiryTime({ choice: 'date', local: '2020-01-01T00:00' }, now), undefined);
});

test('an expiry survives the way through the form', () => {
  const iso = '2027-05-06T07:08:00.000Z';
  assert.equal(expiryTime(expiryOf(iso), now), iso);
});
