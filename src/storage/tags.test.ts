import assert from 'node:assert/strict';
import { test } from 'node:test';
import { checkTags } from './tags.ts';

const tags = (count: number) => Array.from({ length: count }, (_, n) => ({ key: `k${n}`, value: '' }));

test('objects take 10 tags and buckets 50', () => {
  checkTags(tags(10), 'object');
  checkTags(tags(50), 'bucket');
  assert.throws(() => checkTags(tags(11), 'object'), { code: 'BadRequest' });
  assert.throws(() => checkTags(tags(51), 'bucket'), { code: 'BadRequest' });
});

test('lengths are counted in characters, and any language is allowed', () => {
  checkTags([{ key: 'ü'.repeat(128), value: '界'.repeat(256) }], 'object');
  checkTags([{ key: 'a b+-=._:/@1', value: '' }], 'object');
  for (const [key, value] of [
    ['', ''],
    ['a'.repeat(129), ''],
    ['a', 'b'.repeat(257)],
    ['a;b', ''],
    ['a', '\n'],
    ['aws:a', ''],
    ['AWS:a', ''],
  ] as const) {
    assert.throws(() => checkTags([{ key, value }], 'object'), { code: 'InvalidTag' }, JSON.stringify([key, value]));
  }
});

test('no key comes twice', () => {
  const tag = { key: 'a', value: '1' };
  assert.throws(() => checkTags([tag, { ...tag, value: '2' }], 'object'), { code: 'InvalidTag' });
});
