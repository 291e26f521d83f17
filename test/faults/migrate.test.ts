import assert from 'node:assert/strict';
import { test } from 'node:test';
import { moveThereAndBack } from './migration.ts';

test('a store moves to PostgreSQL and RADOS while it is written to, killed in the middle, and back, and nothing differs', async () => {
  const { there, back } = await moveThereAndBack({ objects: 2_000, killsAtRows: [500, 2_000], factsOfEvery: 10 });
  assert.ok(Number(there['followedCommits']) > 0, 'what was written meanwhile followed');
  assert.ok(Number(there['readOnlyMs']) < 20_000, `${String(there['readOnlyMs'])} ms without writes`);
  assert.ok(rowsOf(back) >= rowsOf(there), `${rowsOf(there)} rows there, ${rowsOf(back)} back`);
});

const rowsOf = ({ compared }: Record<string, unknown>): number => Object(compared).rows;
