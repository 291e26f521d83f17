import assert from 'node:assert/strict';
import { test } from 'node:test';
import { encodeRecord } from '../metadata/tables/record.ts';
import {
  passkeyKey,
  passkeyOwnerKey,
  type PasskeyOwnerRecord,
  type PasskeyRecord,
} from '../metadata/tables/sign-in.ts';
import { type IdentityFixture, openIdentityFixture, problem } from '../../test/support/identity-fixture.ts';
import { purgeSignIns } from './purge-sign-ins.ts';
import { usePasskey, type VerifiedPasskey, verifyPasskey } from './passkey-sign-in.ts';

const passkeyId = 'ab'.repeat(16);
const site = { rpId: 'localhost', origin: 'https://localhost:9001' };

async function withPasskey(fixture: IdentityFixture, counter: number): Promise<VerifiedPasskey> {
  const person = { accountId: fixture.account.accountId, ref: { type: 'root' } } as const;
  const record: PasskeyRecord = {
    v: 1,
    passkeyId,
    accountId: person.accountId,
    owner: person.ref,
    name: 'test',
    credentialId: 'credential',
    publicKey: '',
    counter,
    transports: [],
    rpId: site.rpId,
    synced: true,
    createdAt: 0,
    lastUsedAt: null,
  };
  await fixture.deps.store.transact(async (transaction) => {
    transaction.put(passkeyKey(person.accountId, person.ref, passkeyId), encodeRecord(record));
    const owner: PasskeyOwnerRecord = { v: 1, accountId: person.accountId, owner: person.ref };
    transaction.put(passkeyOwnerKey(passkeyId), encodeRecord(owner));
  });
  return { person, passkeyId, challenge: 'asked once', counter: 0 };
}

const use = (fixture: IdentityFixture, verified: VerifiedPasskey): Promise<void> =>
  fixture.deps.store.transact((transaction) => usePasskey(transaction, verified, fixture.deps.clock()));

test('a challenge is answered once, also by a passkey that does not count', async () => {
  await using fixture = await openIdentityFixture();
  const verified = await withPasskey(fixture, 0);
  await use(fixture, verified);
  await assert.rejects(use(fixture, verified), problem('challenge-expired', 400));
  await use(fixture, { ...verified, challenge: 'asked again' });
});

test('a passkey that counts is refused when its count does not grow: somebody may have copied it', async () => {
  await using fixture = await openIdentityFixture();
  const verified = await withPasskey(fixture, 7);
  for (const counter of [0, 6, 7]) {
    await assert.rejects(use(fixture, { ...verified, counter }), problem('wrong-passkey', 401), String(counter));
  }
  await use(fixture, { ...verified, counter: 8 });
  await assert.rejects(use(fixture, { ...verified, challenge: 'other', counter: 8 }), problem('wrong-passkey'));
});

test('used challenges are forgotten once nobody could answer them any more', async () => {
  await using fixture = await openIdentityFixture();
  await use(fixture, await withPasskey(fixture, 0));
  assert.equal(await purgeSignIns(fixture.sessionDeps), false);
  fixture.pass(5 * 60_000);
  assert.equal(await purgeSignIns(fixture.sessionDeps), true);
});

test('a challenge that this server did not make is none', async () => {
  await using fixture = await openIdentityFixture();
  const inner = { clientDataJSON: '', authenticatorData: '', signature: '' };
  const response = { id: 'x', rawId: 'x', type: 'public-key', clientExtensionResults: {}, response: inner } as const;
  for (const challengeToken of ['', 'x', '1.AAAAAAAAAAAAAAAA.AAAA.AAAAAAAAAAAAAAAAAAAAAA', '9'.repeat(5000)]) {
    const answer = verifyPasskey(fixture.sessionDeps, site, { challengeToken, response }, { userVerification: true });
    await assert.rejects(answer, problem('challenge-expired', 400));
  }
});
