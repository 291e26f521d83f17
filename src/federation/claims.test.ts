import assert from 'node:assert/strict';
import { test } from 'node:test';
import { readClaims, usernameFrom } from './claims.ts';
import { problem } from '../../test/support/identity-fixture.ts';

const provider = { usernameClaim: 'preferred_username', emailClaim: 'email', groupsClaim: 'groups' };

test('names become what an IAM user may be called', () => {
  const names: readonly (readonly [string, string])[] = [
    ['ana.nguyen', 'ana.nguyen'],
    ['ana@example.com', 'ana.example.com'],
    ['bob', 'user-bob'],
    ['Nguyễn Đức Anh', 'Nguyen-Duc-Anh'],
    ['CORP\\ana', 'CORP-ana'],
    ['x'.repeat(80), 'x'.repeat(50)],
  ];
  for (const [name, username] of names) assert.equal(usernameFrom(name), username);
});

test('groups are a list, one name, or none; what is no text is left out', () => {
  const groups = (value: unknown) => readClaims(provider, { sub: '1', groups: value }).groups;
  assert.deepEqual(groups(['a', 7, 'b', null]), ['a', 'b']);
  assert.deepEqual(groups('only'), ['only']);
  assert.deepEqual(groups(undefined), []);
  assert.deepEqual(groups({ a: 1 }), []);
});

test('what is missing is told apart from what is there', () => {
  assert.equal(readClaims(provider, { sub: '1' }).isComplete, false);
  assert.equal(readClaims(provider, { sub: '1' }).username, null);
  const told = { sub: '1', preferred_username: 'ana.nguyen', email: 'not an address', groups: [] };
  assert.deepEqual(readClaims(provider, told), {
    subject: '1',
    username: 'ana.nguyen',
    email: null,
    groups: [],
    isComplete: true,
  });
});

test('an e-mail address that is not verified is no name', () => {
  const byEmail = { ...provider, usernameClaim: 'email' };
  const told = { sub: '1', email: 'boss@example.com', email_verified: false };
  assert.throws(() => readClaims(byEmail, told), problem('email-not-verified', 403));
  assert.equal(readClaims(byEmail, { ...told, email_verified: true }).username, 'boss.example.com');
});
