// Identity providers over the REST API; signing in through one is tested in the browser.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import type {
  IdentityProviderList,
  IdentityProviderTest,
  IdentityProviderView,
} from '../../src/console-api/contract/sign-in.ts';
import { type OidcServer, startOidcServer } from '../support/oidc-server.ts';
import { HOST, refused } from './browser.ts';
import { startConsole } from './console-fixture.ts';

let provider: OidcServer;
before(async () => {
  provider = await startOidcServer([`https://${HOST}/signin/callback`]);
});
after(async () => await provider[Symbol.asyncDispose]());

const wanted = () => ({
  name: 'Example',
  issuer: provider.issuer,
  clientId: provider.clientId,
  clientSecret: provider.clientSecret,
});

test('a provider is added, changed, disabled and removed; its secret is in no answer and sealed in the store', async () => {
  await using fixture = await startConsole({ oidcAllowHttp: true });
  const root = await fixture.root();
  const made = await root.send('POST', 'identity-providers', wanted());
  assert.equal(made.status, 201, made.text);
  const { id } = JSON.parse(made.text) as IdentityProviderView;
  const list = await root.send('GET', 'identity-providers');
  const { items, redirectUri } = JSON.parse(list.text) as IdentityProviderList;
  assert.equal(redirectUri, `https://${HOST}/signin/callback`);
  assert.deepEqual(
    items.map(({ name, hasSecret, scopes, autoCreate, matchExisting }) => [
      name,
      hasSecret,
      scopes,
      autoCreate,
      matchExisting,
    ]),
    [['Example', true, ['openid', 'profile', 'email'], true, false]],
  );
  const renamed = await root.change<IdentityProviderView>('PATCH', `identity-providers/${id}`, { name: 'Other' }, 200);
  assert.deepEqual([renamed.name, renamed.hasSecret], ['Other', true]);
  const open = await root.change<IdentityProviderView>(
    'PATCH',
    `identity-providers/${id}`,
    { clientSecret: null },
    200,
  );
  assert.equal(open.hasSecret, false);
  for (const answer of [made, list]) assert.ok(!answer.text.includes(provider.clientSecret));
  const all = { start: Buffer.of(0), end: Buffer.of(0xff), limit: 100_000 };
  const rows = await fixture.deps.identity.store.read((snapshot) => snapshot.range(all));
  assert.ok(!Buffer.concat(rows.map(({ value }) => value)).includes(provider.clientSecret));
  await root.change('DELETE', `identity-providers/${id}`, undefined, 204);
  refused(await root.send('GET', `identity-providers/${id}`), 404, 'no-such-provider');
});

test('the sign-in page is told of providers by name and nothing more, and of active ones only', async () => {
  await using fixture = await startConsole({ oidcAllowHttp: true });
  const root = await fixture.root();
  const { id } = await root.change<IdentityProviderView>('POST', 'identity-providers', wanted(), 201);
  const shown = () => fixture.browser().get<{ providers: unknown[] }>('session/methods');
  const { accountId } = fixture;
  assert.deepEqual((await shown()).providers, [{ accountId, providerId: id, name: 'Example' }]);
  await root.change('PATCH', `identity-providers/${id}`, { status: 'disabled' }, 200);
  assert.deepEqual((await shown()).providers, []);
  const begin = { accountId, providerId: id };
  refused(await fixture.browser().send('POST', 'session/identity-provider', begin), 404, 'no-such-provider');
});

test('signing in begins with state, nonce and PKCE, and remembers them in a sealed cookie', async () => {
  await using fixture = await startConsole({ oidcAllowHttp: true });
  const root = await fixture.root();
  const { id } = await root.change<IdentityProviderView>('POST', 'identity-providers', wanted(), 201);
  const begin = { accountId: fixture.accountId, providerId: id };
  const answer = await fixture.browser().send('POST', 'session/identity-provider', begin);
  assert.equal(answer.status, 200, answer.text);
  const url = new URL((JSON.parse(answer.text) as { url: string }).url);
  assert.equal(url.origin, provider.issuer);
  assert.equal(url.searchParams.get('redirect_uri'), `https://${HOST}/signin/callback`);
  assert.equal(url.searchParams.get('code_challenge_method'), 'S256');
  for (const name of ['state', 'nonce', 'code_challenge']) assert.ok((url.searchParams.get(name) ?? '').length >= 40);
  const cookie = String(answer.headers['set-cookie']);
  assert.match(cookie, /^__Host-vstorage-away=\d+\.[\w-]+\.[\w-]+\.[\w-]+;.*HttpOnly.*SameSite=Strict/);
  assert.ok(!cookie.includes(url.searchParams.get('state') ?? ''));
});

test('a callback that nobody has asked for opens nothing', async () => {
  await using fixture = await startConsole({ oidcAllowHttp: true });
  const body = { type: 'identity-provider', query: '?code=made-up&state=made-up' };
  refused(await fixture.browser().send('POST', 'session', body), 401, 'sign-in-expired');
});

test('plain http, other schemes and addresses with a password are no issuers', async () => {
  await using fixture = await startConsole();
  const root = await fixture.root();
  for (const issuer of [
    provider.issuer,
    'http://login.example.com',
    'https://user:pass@login.example.com',
    'file:///etc/passwd',
    'not a url',
  ]) {
    refused(await root.send('POST', 'identity-providers', { ...wanted(), issuer }), 400, 'invalid-issuer');
    refused(await root.send('POST', 'identity-providers/test', { issuer }), 400, 'invalid-issuer');
  }
  const scopes = { ...wanted(), issuer: 'https://login.example.com', scopes: ['email'] };
  refused(await root.send('POST', 'identity-providers', scopes), 400, 'invalid-scopes');
});

test('the connection is tested against the provider itself', async () => {
  await using fixture = await startConsole({ oidcAllowHttp: true });
  const root = await fixture.root();
  const ask = (issuer: string) => root.send('POST', 'identity-providers/test', { issuer });
  const found = JSON.parse((await ask(provider.issuer)).text) as IdentityProviderTest;
  assert.equal(found.issuer, provider.issuer);
  assert.ok(found.scopesSupported.includes('openid'));
  const unreachable = refused(await ask('http://127.0.0.1:1'), 424, 'identity-provider-failed');
  assert.match(unreachable.detail, /cannot be reached/);
  const elsewhere = provider.issuer.replace('127.0.0.1', 'localhost');
  assert.match(refused(await ask(elsewhere), 424, 'identity-provider-failed').detail, /another issuer/);
});

test('an account has five providers at most, and mapping groups needs the right to attach policies', async () => {
  await using fixture = await startConsole({ oidcAllowHttp: true });
  const root = await fixture.root();
  const document = {
    Statement: { Effect: 'Allow', Action: ['vstorage:*IdentityProvider*'], Resource: '*' },
  };
  await root.change('POST', 'policies', { name: 'Providers', document }, 201);
  const limited = await fixture.user('bob.limited', ['Providers']);
  const mapped = { ...wanted(), groupMappings: [{ group: 'all', policies: ['vStorageFullAccess'] }] };
  refused(await limited.send('POST', 'identity-providers', mapped), 403, 'access-denied');
  refused(await limited.send('POST', 'identity-providers', { ...wanted(), matchExisting: true }), 403, 'access-denied');
  const { id } = await root.change<IdentityProviderView>('POST', 'identity-providers', mapped, 201);
  // another issuer would give the mapped rights to other people
  const issuer = { issuer: 'https://evil.example.com' };
  refused(await limited.send('PATCH', `identity-providers/${id}`, issuer), 403, 'access-denied');
  for (let i = 0; i < 4; i++) await limited.change('POST', 'identity-providers', { ...wanted(), name: `P${i}` }, 201);
  refused(await root.send('POST', 'identity-providers', wanted()), 409, 'limit-exceeded');
});
