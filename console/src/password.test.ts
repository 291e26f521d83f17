import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { PasswordRules } from '../../src/console-api/contract.ts';
import { generatePassword, meetsRules, passwordRules } from './password.ts';

const usual: PasswordRules = { minLength: 8, maxLength: 50, kinds: ['upper', 'lower', 'digit', 'special'] };

test('generated passwords meet every rule and differ', () => {
  const made = Array.from({ length: 200 }, () => generatePassword());
  for (const password of made) assert.ok(meetsRules(password, usual), password);
  assert.equal(new Set(made).size, made.length);
  assert.equal(generatePassword(40).length, 40);
});

test('each rule is told by name', () => {
  const unmet = (password: string, rules = usual) =>
    passwordRules(password, rules)
      .filter((rule) => !rule.met)
      .map((rule) => rule.name);
  assert.deepEqual(unmet('aB1!xyz'), ['length']);
  assert.deepEqual(unmet('abcdefg1!'), ['upper']);
  assert.deepEqual(unmet('ABCDEFG1!'), ['lower']);
  assert.deepEqual(unmet('Abcdefgh!'), ['digit']);
  assert.deepEqual(unmet('Abcdefgh1'), ['special']);
  assert.deepEqual(unmet('Abcdefgh1', { minLength: 12, maxLength: 50, kinds: ['special'] }), ['length', 'special']);
});
