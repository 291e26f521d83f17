import assert from 'node:assert/strict';
import { test } from 'node:test';
import { diffLines } from './diff-lines.ts';

const signs = { same: ' ', added: '+', removed: '-' } as const;
const shown = (before: string, after: string): string[] =>
  diffLines(before, after).map(({ change, text }) => signs[change] + text);

test('what was added and removed stands between what stayed', () => {
  assert.deepEqual(shown('a\nb\nc', 'a\nx\nc'), [' a', '-b', '+x', ' c']);
  assert.deepEqual(shown('a\nb', 'a\nb'), [' a', ' b']);
  assert.deepEqual(shown('', 'a'), ['-', '+a']);
  assert.deepEqual(shown('a\nb\nc\nd', 'b\nc\nd\ne'), ['-a', ' b', ' c', ' d', '+e']);
});

test('applied, the edits make the one text of the other', () => {
  let seed = 7;
  const next = (below: number): number => (seed = (seed * 16_807) % 2_147_483_647) % below;
  for (let round = 0; round < 200; round++) {
    const text = (): string => Array.from({ length: next(12) }, () => 'abc'[next(3)]).join('\n');
    const [before, after] = [text(), text()];
    const lines = diffLines(before, after);
    const side = (left: 'added' | 'removed') =>
      lines
        .filter(({ change }) => change !== left)
        .map((line) => line.text)
        .join('\n');
    assert.equal(side('added'), before);
    assert.equal(side('removed'), after);
  }
});

test('texts with nothing in common are not searched for ever', () => {
  const many = (sign: string): string => Array.from({ length: 3000 }, (_, index) => `${sign}${index}`).join('\n');
  assert.equal(diffLines(many('a'), many('b')).length, 6000);
});
