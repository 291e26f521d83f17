import assert from 'node:assert/strict';
import { test } from 'node:test';
import { generatePassword, passwordRules } from './password.ts';

test('generated passwords meet every rule and differ', () => {
  const made = Array.from({ length: 200 }, generatePassword);
  for (const password of made)
    assert.deepEqual(
      passwordRules(password).filter((rule) => !rule.met),
      [],
    );
  assert.equal(new Set(made).size, made.length);
});

test('each rule is told by name', () => {
  const unmet = (password: string) =>
    passwordRules(password)
      .filter((rule) => !rule.met)
      .map((rule) => rule.name);
  assert.deepEqual(unmet('aB1!xyz'), ['length']);
  assert.deepEqual(unmet('abcdefg1!'), ['upper']);
  assert.deepEqual(unmet('ABCDEFG1!'), ['lower']);
  assert.deepEqual(unmet('Abcdefgh!'), ['digit']);
  assert.deepEqual(unmet('Abcdefgh1'), ['special']);
});
