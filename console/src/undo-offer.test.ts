import assert from 'node:assert/strict';
import { test } from 'node:test';
import { offerUndo, undoLast } from './undo-offer.ts';

test('what was done last is taken back, once', () => {
  const taken: string[] = [];
  offerUndo(() => taken.push('first'));
  offerUndo(() => taken.push('second'));
  assert.equal(undoLast(), true);
  assert.equal(undoLast(), false);
  assert.deepEqual(taken, ['second']);
});

test('an offer whose time is over is none, and withdraws no newer one', () => {
  const taken: string[] = [];
  const withdraw = offerUndo(() => taken.push('old'));
  offerUndo(() => taken.push('new'));
  withdraw();
  assert.equal(undoLast(), true);
  offerUndo(() => taken.push('late'))();
  assert.equal(undoLast(), false);
  assert.deepEqual(taken, ['new']);
});
