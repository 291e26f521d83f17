import assert from 'node:assert/strict';
import { test } from 'node:test';
import { compileCondition } from './conditions.ts';
import type { ConditionContext } from './policy.ts';

const KEY = 'test:Key';

function holds(operator: string, values: string | readonly string[], found?: string | readonly string[]): boolean {
  const context: ConditionContext = new Map(found === undefined ? [] : [['test:key', found]]);
  const condition = { operator, key: KEY, values: typeof values === 'string' ? [values] : values };
  return compileCondition(condition, true, 'Allow')(context);
}

const table: readonly (readonly [operator: string, wanted: string, yes: readonly string[], no: readonly string[]])[] = [
  ['StringEquals', 'Abc', ['Abc'], ['abc', 'Abcd', '']],
  ['StringNotEquals', 'Abc', ['abc'], ['Abc']],
  ['StringEqualsIgnoreCase', 'Abc', ['aBC'], ['abcd']],
  ['StringNotEqualsIgnoreCase', 'Abc', ['abcd'], ['aBC']],
  ['StringLike', 'a*c?', ['abcd', 'acx', 'a/b/cd'], ['ABCD', 'abc']],
  ['StringNotLike', 'a*', ['b'], ['abc']],
  ['StringEquals', 'a*', ['a*'], ['abc']],
  ['NumericEquals', '10', ['10', '10.0', '1e1'], ['11', 'ten']],
  ['NumericNotEquals', '10', ['11'], ['10.0']],
  ['NumericLessThan', '10', ['9.99'], ['10', 'x']],
  ['NumericLessThanEquals', '10', ['10'], ['10.01']],
  ['NumericGreaterThan', '10', ['11'], ['10']],
  ['NumericGreaterThanEquals', '10', ['10'], ['9']],
  ['DateEquals', '2026-01-01T00:00:00Z', ['2026-01-01', '1767225600'], ['2026-01-02']],
  ['DateNotEquals', '2026-01-01', ['2026-01-02'], ['2026-01-01T00:00:00Z']],
  ['DateLessThan', '2026-01-01T00:00:00+02:00', ['2025-12-31T21:59:59Z'], ['2025-12-31T22:00:00Z']],
  ['DateLessThanEquals', '2026-01-01', ['2026-01-01'], ['2026-01-01T00:00:01Z']],
  ['DateGreaterThan', '1767225600', ['2026-01-01T00:00:01Z'], ['2026-01-01']],
  ['DateGreaterThanEquals', '2026-01-01', ['2026-01-01'], ['2025-12-31']],
  ['Bool', 'true', ['true', 'True'], ['false', '']],
  ['BinaryEquals', 'QUJD', ['QUJD'], ['qujd']],
  ['IpAddress', '192.0.2.0/24', ['192.0.2.255', '::ffff:192.0.2.1'], ['192.0.3.0', '2001:db8::1', 'x', '']],
  ['IpAddress', '2001:db8::/33', ['2001:db8:7fff::1'], ['2001:db8:8000::1', '192.0.2.1']],
  ['IpAddress', '203.0.113.7', ['203.0.113.7'], ['203.0.113.8']],
  ['IpAddress', '0.0.0.0/0', ['8.8.8.8'], ['::1']],
  ['NotIpAddress', '10.0.0.0/8', ['11.0.0.0', '::1'], ['10.255.0.1']],
  ['ArnEquals', 'arn:aws:iam::*:user/a*', ['arn:aws:iam::1:user/ann'], ['arn:aws:iam::1:group/a', 'nonsense']],
  ['ArnLike', 'arn:aws:s3:*:*:b', ['arn:aws:s3:::b'], ['arn:aws:s3:x:y:z:b']],
  ['ArnNotLike', 'arn:aws:s3:::b', ['arn:aws:s3:::c'], ['arn:aws:s3:::b']],
  ['stringequals', 'a', ['a'], ['b']],
];

for (const [operator, wanted, yes, no] of table) {
  test(`${operator} ${wanted} holds for ${yes.join(' ')} and not for ${no.join(' ')}`, () => {
    for (const value of yes) assert.ok(holds(operator, wanted, value), value);
    for (const value of no) assert.ok(!holds(operator, wanted, value), value);
  });
}

test('several wanted values: one must match, or with a negated operator none', () => {
  assert.ok(holds('StringEquals', ['a', 'b'], 'b'));
  assert.ok(!holds('StringNotEquals', ['a', 'b'], 'b'));
  assert.ok(holds('StringNotEquals', ['a', 'b'], 'c'));
});

test('a missing key fails an operator and passes a negated one', () => {
  assert.ok(!holds('StringEquals', 'a'));
  assert.ok(!holds('IpAddress', '0.0.0.0/0'));
  assert.ok(holds('StringNotEquals', 'a'));
  assert.ok(holds('NotIpAddress', '0.0.0.0/0'));
});

test('IfExists holds for a missing key and compares a present one', () => {
  assert.ok(holds('StringEqualsIfExists', 'a'));
  assert.ok(holds('NumericLessThanIfExists', '3', '2'));
  assert.ok(!holds('StringEqualsIfExists', 'a', 'b'));
});

test('Null asks whether the key is missing', () => {
  assert.ok(holds('Null', 'true'));
  assert.ok(!holds('Null', 'true', 'x'));
  assert.ok(holds('Null', 'false', 'x'));
  assert.ok(!holds('Null', 'false'));
  assert.ok(holds('Null', 'true', []));
});

test('ForAllValues holds when every value matches, also when there is none', () => {
  assert.ok(holds('ForAllValues:StringEquals', ['a', 'b'], ['a', 'b', 'a']));
  assert.ok(!holds('ForAllValues:StringEquals', ['a', 'b'], ['a', 'c']));
  assert.ok(holds('ForAllValues:StringEquals', ['a']));
  assert.ok(holds('ForAllValues:StringNotEquals', ['a'], ['b', 'c']));
  assert.ok(!holds('ForAllValues:StringNotEquals', ['a'], ['a', 'c']));
});

test('ForAnyValue holds when one value matches, never when there is none', () => {
  assert.ok(holds('ForAnyValue:StringLike', ['a*'], ['x', 'ab']));
  assert.ok(!holds('ForAnyValue:StringLike', ['a*'], ['x']));
  assert.ok(!holds('ForAnyValue:StringLike', ['*']));
  assert.ok(holds('ForAnyValue:StringNotEquals', ['a'], ['a', 'b']));
  assert.ok(!holds('ForAnyValue:StringNotEquals', ['a'], ['a']));
  assert.ok(holds('ForAnyValue:StringEqualsIfExists', ['a']));
});

test('an operator nobody knows stops an Allow and never a Deny', () => {
  const condition = { operator: 'StringSounds', key: KEY, values: ['a'] };
  assert.equal(compileCondition(condition, true, 'Allow')(new Map()), false);
  assert.equal(compileCondition(condition, true, 'Deny')(new Map()), true);
});

test('"is not an unknown variable" does not let an Allow through, and does not stop a Deny', () => {
  const condition = { operator: 'StringNotEquals', key: KEY, values: ['${aws:unknown}'] };
  const context = new Map([['test:key', 'x']]);
  assert.equal(compileCondition(condition, true, 'Allow')(context), false);
  assert.equal(compileCondition(condition, true, 'Deny')(context), true);
});

test('a variable in a wanted value is the value of that key', () => {
  const condition = { operator: 'StringLike', key: 's3:prefix', values: ['home/${aws:username}/*'] };
  const compiled = compileCondition(condition, true, 'Allow');
  const context = new Map([
    ['aws:username', 'ann'],
    ['s3:prefix', 'home/ann/x'],
  ]);
  assert.equal(compiled(context), true);
  assert.equal(compiled(new Map([...context, ['s3:prefix', 'home/bob/x']])), false);
});
