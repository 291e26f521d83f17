// The figures stand in docs/scale-out.md.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { moveThereAndBack } from './migration.ts';

test('100,000 objects with versions, locks, tags and policies move there and back, killed in the middle', async (t) => {
  const figures = await moveThereAndBack({ objects: 100_000, killsAtRows: [20_000, 100_000], factsOfEvery: 50 });
  t.diagnostic(JSON.stringify(figures));
  assert.ok(Number(figures.there['readOnlyMs']) < 60_000, `${String(figures.there['readOnlyMs'])} ms without writes`);
});
