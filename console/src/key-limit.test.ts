import assert from 'node:assert/strict';
import { test } from 'node:test';
import { limitOf, offsetOf, restrictionOf } from './key-limit.ts';

const HANOI = -420;

test('an untouched form limits nothing', () => {
  assert.equal(restrictionOf(limitOf(null, HANOI)), null);
});

test('each field limits by itself, and hours are of the reader’s zone', () => {
  const empty = limitOf(null, HANOI);
  assert.deepEqual(restrictionOf({ ...empty, buckets: ['photos'], prefix: 'in/' }), {
    buckets: ['photos'],
    prefix: 'in/',
  });
  assert.deepEqual(restrictionOf({ ...empty, allow: ['read'] }), { allow: ['read'] });
  const hours = { from: '08:00', to: '18:00', days: ['mon', 'fri'], utcOffset: '+07:00' } as const;
  assert.deepEqual(restrictionOf({ ...empty, from: '08:00', to: '18:00', days: ['mon', 'fri'] }), { hours });
});

test('what a key has comes back unchanged', () => {
  const view = {
    buckets: ['photos'],
    prefix: null,
    allow: ['read' as const],
    networks: ['10.0.0.0/8'],
    hours: { from: '22:00', to: '06:00', days: ['sat' as const], utcOffset: '-03:30' },
    policy: null,
  };
  const { prefix: _, policy: __, ...set } = view;
  assert.deepEqual(restrictionOf(limitOf(view, HANOI)), set);
});

test('offsets from UTC are written with sign, hours and minutes', () => {
  assert.deepEqual([offsetOf(-420), offsetOf(0), offsetOf(210)], ['+07:00', '+00:00', '-03:30']);
});
