import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { parseCopyRange, parseRange } from './ranges.ts';

const cases: readonly (readonly [string, number, ReturnType<typeof parseRange>])[] = [
  ['bytes=0-', 10, { start: 0, end: 10 }],
  ['bytes=0-0', 10, { start: 0, end: 1 }],
  ['bytes=2-5', 10, { start: 2, end: 6 }],
  ['bytes=9-', 10, { start: 9, end: 10 }],
  ['bytes=4-1000', 10, { start: 4, end: 10 }],
  ['bytes=0-99999999999999999999999', 10, { start: 0, end: 10 }],
  ['bytes=-3', 10, { start: 7, end: 10 }],
  ['bytes=-1000', 10, { start: 0, end: 10 }],
  ['Bytes=1-2', 10, { start: 1, end: 3 }],
  ['bytes = 1 - 2', 10, 'whole'],
  ['bytes= -1', 10, 'whole'],
  ['bytes=10-', 10, 'unsatisfiable'],
  ['bytes=10-20', 10, 'unsatisfiable'],
  ['bytes=-0', 10, 'unsatisfiable'],
  ['bytes=0-', 0, 'unsatisfiable'],
  ['bytes=0-0', 0, 'unsatisfiable'],
  ['bytes=-5', 0, 'unsatisfiable'],
  ['bytes=5-2', 10, 'whole'],
  ['bytes=0-1,3-4', 10, 'whole'],
  ['bytes=-', 10, 'whole'],
  ['bytes=', 10, 'whole'],
  ['bytes=a-b', 10, 'whole'],
  ['bytes=1.5-3', 10, 'whole'],
  ['items=0-1', 10, 'whole'],
  ['0-1', 10, 'whole'],
  ['', 10, 'whole'],
];

for (const [header, sizeBytes, expected] of cases) {
  test(`Range "${header}" of ${sizeBytes} bytes is ${JSON.stringify(expected)}`, () => {
    assert.deepEqual(parseRange(header, sizeBytes), expected);
  });
}

test('every range that is not refused lies inside the object and is not empty', () => {
  fc.assert(
    fc.property(fc.option(fc.nat(50)), fc.option(fc.nat(50)), fc.nat(40), (first, last, sizeBytes) => {
      const range = parseRange(`bytes=${first ?? ''}-${last ?? ''}`, sizeBytes);
      const bytes = Array.from({ length: sizeBytes }, (_, index) => index);
      if (first === null && last === null) return assert.equal(range, 'whole');
      if (first !== null && last !== null && last < first) return assert.equal(range, 'whole');
      const wanted =
        first === null
          ? bytes.slice(sizeBytes - Math.min(last ?? 0, sizeBytes))
          : bytes.filter((at) => at >= first && at <= (last ?? sizeBytes));
      if (wanted.length === 0) return assert.equal(range, 'unsatisfiable');
      assert.ok(typeof range === 'object');
      assert.deepEqual(bytes.slice(range.start, range.end), wanted);
    }),
  );
});

test('the range of a copied part must be complete and inside its source', () => {
  assert.deepEqual(parseCopyRange('bytes=0-9', 10), { start: 0, end: 10 });
  assert.deepEqual(parseCopyRange('bytes=3-3', 10), { start: 3, end: 4 });
  for (const bad of ['bytes=0-10', 'bytes=5-4', 'bytes=0-', 'bytes=-5', '0-5', 'bytes=0-1,2-3', 'bytes=a-b', '']) {
    assert.equal(parseCopyRange(bad, 10), undefined, bad);
  }
});
