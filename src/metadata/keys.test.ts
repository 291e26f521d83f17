import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import type { Component } from './keys.ts';
import { encodeKey, KeyReader, keyAfter, prefixEnd, prefixRange, tables } from './keys.ts';
import type { Bytes } from './metadata-store.ts';

const anyText = fc.oneof(
  fc.string({ unit: 'grapheme', maxLength: 12 }),
  fc.string({ unit: fc.constantFrom('\u0000', '\u0001', 'a', '/', 'ÿ', '\u{1F600}'), maxLength: 6 }),
);
const anyUint = fc.bigInt({ min: 0n, max: 2n ** 64n - 1n });

const key = (...components: Component[]): Bytes => encodeKey(tables.current, ...components);
const utf8 = (text: string): Buffer => Buffer.from(text, 'utf8');
const sign = (value: number): number => Math.sign(value);

test('what was encoded is read back', () => {
  fc.assert(
    fc.property(anyText, anyUint, anyText, (first, number, tail) => {
      const reader = new KeyReader(key(first, number, { tail }));
      assert.deepEqual([reader.text(), reader.uint(), reader.tail()], [first, number, tail]);
    }),
  );
});

test('keys compare as their components do: text by UTF-8 bytes, numbers by size, first difference decides', () => {
  fc.assert(
    fc.property(anyText, anyText, anyUint, anyUint, (textA, textB, a, b) => {
      const order = Buffer.compare(utf8(textA), utf8(textB)) || (a < b ? -1 : a > b ? 1 : 0);
      assert.equal(sign(Buffer.compare(key(textA, a), key(textB, b))), sign(order));
    }),
  );
});

test('tails compare by their UTF-8 bytes', () => {
  fc.assert(
    fc.property(anyText, anyText, (a, b) => {
      const order = Buffer.compare(key('x', { tail: a }), key('x', { tail: b }));
      assert.equal(sign(order), sign(Buffer.compare(utf8(a), utf8(b))));
    }),
  );
});

test('a text component never is the beginning of another', () => {
  fc.assert(
    fc.property(anyText, anyText, anyText, (a, b, rest) => {
      fc.pre(a !== b);
      const { start, end } = prefixRange(tables.current, a);
      const other = key(b, { tail: rest });
      assert.ok(Buffer.compare(other, start) < 0 || Buffer.compare(other, end) >= 0);
    }),
  );
});

test('a prefix range holds exactly the keys that begin with it', () => {
  fc.assert(
    fc.property(anyText, anyText, (prefix, tail) => {
      const { start, end } = prefixRange(tables.current, 'bucket', { tail: prefix });
      const candidate = key('bucket', { tail });
      const inside = Buffer.compare(candidate, start) >= 0 && Buffer.compare(candidate, end) < 0;
      assert.equal(inside, utf8(tail).subarray(0, utf8(prefix).length).equals(utf8(prefix)));
    }),
  );
});

test('the end of a prefix skips over bytes that cannot grow', () => {
  assert.deepEqual([...prefixEnd(Buffer.of(1, 0xff, 0xff))], [2]);
  assert.deepEqual([...prefixEnd(Buffer.of(1, 2))], [1, 3]);
  assert.throws(() => prefixEnd(Buffer.of(0xff)), RangeError);
});

test('nothing lies between a key and the key after it', () => {
  assert.deepEqual([...keyAfter(Buffer.of(1, 2))], [1, 2, 0]);
});

test('an S3 key of 1,024 bytes stays 1,024 bytes, zeros and all', () => {
  const tail = '\u0000'.repeat(1_024);
  assert.equal(key({ tail }).length, 1 + 1_024);
});

test('every table has a byte of its own', () => {
  const bytes = Object.values(tables);
  assert.equal(new Set(bytes).size, bytes.length);
});

test('a text without its end is refused', () => {
  assert.throws(() => new KeyReader(Buffer.of(tables.current, 0x61)).text(), RangeError);
});
