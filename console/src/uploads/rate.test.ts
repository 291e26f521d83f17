import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Rate, timeLeft } from './rate.ts';

test('the rate is that of the last seconds', () => {
  const rate = new Rate();
  rate.note(0, 0);
  assert.equal(rate.bytesPerSecond, null);
  for (let second = 1; second <= 10; second++) rate.note(second * 1000, second * 100);
  assert.equal(rate.bytesPerSecond, 100);
  for (let second = 11; second <= 20; second++) rate.note(second * 1000, 1000);
  assert.equal(rate.bytesPerSecond, 0, 'it stands still');
  rate.reset();
  assert.equal(rate.bytesPerSecond, null);
});

test('the time left is known only while something moves', () => {
  assert.equal(timeLeft(1000, 100), 10);
  assert.equal(timeLeft(1000, 0), null);
  assert.equal(timeLeft(1000, null), null);
});
