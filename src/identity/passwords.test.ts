import assert from 'node:assert/strict';
import { test } from 'node:test';
import { checkPasswordRules, checkRootPassword, generatePassword, hashPassword, verifyPassword } from './passwords.ts';

test('a password verifies against its own hash only, and the hash carries its parameters', async () => {
  const hash = await hashPassword('Tr0ub4dor&3');
  assert.match(hash, /^\$argon2id\$v=19\$m=19456,t=2,p=1\$[A-Za-z0-9+/]{22}\$[A-Za-z0-9+/]{43}$/);
  assert.equal(await verifyPassword('Tr0ub4dor&3', hash), true);
  assert.equal(await verifyPassword('Tr0ub4dor&4', hash), false);
  assert.notEqual(await hashPassword('Tr0ub4dor&3'), hash);
});

test('a hash of other parameters still verifies', async () => {
  // made with argon2 -id -t 1 -m 10 -p 2
  const { argon2Sync } = await import('node:crypto');
  const nonce = Buffer.from('0123456789abcdef');
  const options = { message: 'x', nonce, parallelism: 2, tagLength: 32, memory: 1024, passes: 1 };
  const digest = argon2Sync('argon2id', options).toString('base64').replace(/=+$/, '');
  const hash = `$argon2id$v=19$m=1024,t=1,p=2$${nonce.toString('base64').replace(/=+$/, '')}$${digest}`;
  assert.equal(await verifyPassword('x', hash), true);
  assert.equal(await verifyPassword('y', hash), false);
});

test('nobody’s password is never right and takes as long', async () => {
  const hash = await hashPassword('a');
  const time = async (candidate: string | null): Promise<number> => {
    const started = performance.now();
    assert.equal(await verifyPassword('b', candidate), false);
    return performance.now() - started;
  };
  const rounds = [0, 1, 2, 3, 4];
  const real: number[] = [];
  const nobody: number[] = [];
  for (const _ of rounds) {
    real.push(await time(hash));
    nobody.push(await time(null));
  }
  assert.ok(Math.min(...nobody) > Math.min(...real) / 3, `${String(nobody)} against ${String(real)}`);
});

test('the same letters composed differently are the same password', async () => {
  assert.equal(await verifyPassword('Cafe\u0301-1234', await hashPassword('Café-1234')), true);
});

test('IAM users’ passwords keep every rule', () => {
  checkPasswordRules('Abcdef1!');
  checkPasswordRules(`Aa1!${'x'.repeat(46)}`);
  const refused: readonly (readonly [string, RegExp])[] = [
    ['Abcde1!', /8 to 50/],
    [`Aa1!${'x'.repeat(47)}`, /8 to 50/],
    ['abcdef1!', /upper-case/],
    ['ABCDEF1!', /lower-case/],
    ['Abcdefg!', /digit/],
    ['Abcdefg1', /special/],
    ['Abcdef1 g', /special/],
    ['Abcdef1!\n', /control/],
  ];
  for (const [password, message] of refused) assert.throws(() => checkPasswordRules(password), message, password);
});

test('root passwords may be long phrases and must not be short', () => {
  checkRootPassword('correct horse battery staple');
  assert.throws(() => checkRootPassword('short'), /8 to 128/);
});

test('generated passwords keep the rules and differ', () => {
  const made = Array.from({ length: 200 }, generatePassword);
  for (const password of made) checkPasswordRules(password);
  assert.equal(new Set(made).size, made.length);
});
