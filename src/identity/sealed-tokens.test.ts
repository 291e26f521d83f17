import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { test } from 'node:test';
import { openToken, sealToken } from './sealed-tokens.ts';
import { MasterKey } from './sealing.ts';

const masterKey = new MasterKey(new Map([[1, randomBytes(32)]]));
const content = { who: 'alice', n: 7 };

test('a token comes back as it was, until it expires', async () => {
  const token = sealToken(masterKey, 'second-factor', content, 1000);
  assert.match(token, /^[\w.-]+$/);
  assert.ok(!token.includes('alice'));
  assert.deepEqual(await openToken(masterKey, 'second-factor', token, 999), content);
  assert.equal(await openToken(masterKey, 'second-factor', token, 1000), undefined);
});

test('a token of another purpose, key or content is nothing', async () => {
  const token = sealToken(masterKey, 'second-factor', content, 1000);
  assert.equal(await openToken(masterKey, 'passkey-sign-in', token, 0), undefined);
  const other = new MasterKey(new Map([[1, randomBytes(32)]]));
  assert.equal(await openToken(other, 'second-factor', token, 0), undefined);
  for (let at = 0; at < token.length; at++) {
    const changed = `${token.slice(0, at)}${token[at] === 'A' ? 'B' : 'A'}${token.slice(at + 1)}`;
    const opened = await openToken(masterKey, 'second-factor', changed, 0);
    // the last character of a base64 group may hold bits that mean nothing
    if (opened !== undefined) assert.deepEqual(opened, content);
  }
  for (const text of ['', '.', '1...', 'x'.repeat(20_000)]) {
    assert.equal(await openToken(masterKey, 'second-factor', text, 0), undefined);
  }
});

test('a token outlives a rotation of the master key as long as the old version is there', async () => {
  const [first, second] = [randomBytes(32), randomBytes(32)];
  const token = sealToken(new MasterKey(new Map([[1, first]])), 'oidc-sign-in', content, 1000);
  const both = new Map([
    [1, first],
    [2, second],
  ]);
  assert.deepEqual(await openToken(new MasterKey(both), 'oidc-sign-in', token, 0), content);
  assert.equal(await openToken(new MasterKey(new Map([[2, second]])), 'oidc-sign-in', token, 0), undefined);
});
