import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { compilePattern, variableFault } from './match.ts';

const plain = { wildcards: true, variables: false, foldCase: false };
const withVariables = { ...plain, variables: true };
const nothing = new Map<string, string>();
const matches = (pattern: string, text: string): boolean => compilePattern(pattern, plain)(text, nothing);

/** The definition itself, exponential and obvious. */
function slowMatch(pattern: readonly string[], text: readonly string[]): boolean {
  const [first, ...rest] = pattern;
  if (first === undefined) return text.length === 0;
  if (first === '*') return slowMatch(rest, text) || (text.length > 0 && slowMatch(pattern, text.slice(1)));
  const [head, ...tail] = text;
  return head !== undefined && (first === '?' || first === head) && slowMatch(rest, tail);
}

test('wildcards match what their definition says, surrogate pairs included', () => {
  const characters = fc.constantFrom('a', 'b', '/', ':', '😀', '𝒳');
  const pattern = fc.array(fc.oneof(characters, fc.constantFrom('*', '?')), { maxLength: 8 });
  const text = fc.array(characters, { maxLength: 8 });
  fc.assert(
    fc.property(pattern, text, (p, t) => {
      assert.equal(matches(p.join(''), t.join('')), slowMatch(p, t));
    }),
    { numRuns: 3000 },
  );
});

test('wildcards cross slashes', () => {
  assert.ok(matches('arn:aws:s3:::b/*.txt', 'arn:aws:s3:::b/a/b/c.txt'));
  assert.ok(matches('arn:aws:s3:::b/a?b', 'arn:aws:s3:::b/a/b'));
  assert.ok(!matches('arn:aws:s3:::b/*', 'arn:aws:s3:::b'));
});

test('a pattern made to back-track takes no noticeable time', () => {
  const started = performance.now();
  assert.ok(!matches(`${'a*'.repeat(60)}b`, 'a'.repeat(1000)));
  assert.ok(performance.now() - started < 200);
});

test('a variable is its value, and wildcards inside the value are plain text', () => {
  const own = compilePattern('arn:aws:s3:::home/${aws:username}/*', withVariables);
  assert.ok(own('arn:aws:s3:::home/ann/x', new Map([['aws:username', 'ann']])));
  assert.ok(!own('arn:aws:s3:::home/bob/x', new Map([['aws:username', '*']])));
});

test('a variable without a value matches nothing, unless it has a default', () => {
  assert.ok(!compilePattern('${aws:username}', withVariables)('', nothing));
  assert.ok(!compilePattern('*${aws:username}', withVariables)('anything', nothing));
  assert.ok(compilePattern("home/${aws:username, 'guest'}", withVariables)('home/guest', nothing));
});

test('${*}, ${?} and ${$} stand for the characters', () => {
  const match = compilePattern('a${*}b${?}c${$}', withVariables);
  assert.ok(match('a*b?c$', nothing));
  assert.ok(!match('axbyc$', nothing));
});

test('without variables ${ is plain text', () => {
  assert.ok(matches('${aws:username}', '${aws:username}'));
});

test('what a variable must look like is said', () => {
  assert.equal(variableFault("a/${aws:username}/${s3:prefix, 'x y'}/${*}"), null);
  assert.match(variableFault('a/${user}') ?? '', /written/);
  assert.match(variableFault('a/${') ?? '', /written/);
});
