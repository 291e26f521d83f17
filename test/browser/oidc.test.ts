// Signing in through a real OpenID provider, set up and used in the browser.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import type { Page } from 'playwright-core';
import type { UserView } from '../../src/console-api/contract.ts';
import type { IdentityProviderList } from '../../src/console-api/contract/sign-in.ts';
import { type OidcServer, startOidcServer } from '../support/oidc-server.ts';
import { startServer, type TestServer } from '../support/start-server.ts';
import { collectComplaints, openBrowser, type TestBrowser } from './support/chromium.ts';
import { signInAsRoot } from './support/console-page.ts';
import { restOf } from './support/rest.ts';

let server: TestServer;
let chrome: TestBrowser;
let provider: OidcServer;
let root: Page;

before(async () => {
  server = await startServer({ args: ['--oidc-allow-http'] });
  chrome = await openBrowser(server);
  provider = await startOidcServer([`${server.consoleUrl}/signin/callback`]);
  root = await (await chrome.newContext()).newPage();
  await signInAsRoot(root, server);
});
after(async () => {
  await chrome[Symbol.asyncDispose]();
  await provider[Symbol.asyncDispose]();
  await server[Symbol.asyncDispose]();
});

const people = async (): Promise<UserView[]> => (await (await restOf(root)).get<{ items: UserView[] }>('/users')).items;

/** From the sign-in page to the provider, through its pages, and back. */
async function signInAt(page: Page, name: string): Promise<void> {
  await page.goto('/signin');
  await page.getByRole('button', { name: 'Sign in with Example' }).click();
  await page.waitForURL(`${provider.issuer}/**`);
  await page.locator('input[name=login]').fill(name);
  await page.locator('input[name=password]').fill('any');
  await page.locator('button[type=submit]').click();
  await page.getByRole('button', { name: 'Continue' }).click();
}

const signedIn = (page: Page) => page.getByRole('heading', { name: 'Overview', level: 1 }).waitFor();

test('an administrator adds an identity provider: tested, with groups mapped to policies', async () => {
  const complaints = collectComplaints(root);
  await root.goto('/sign-in-security');
  await root.getByRole('button', { name: 'Add an identity provider' }).click();
  const drawer = root.getByRole('dialog');
  const redirectUri = await drawer.locator('.mono').filter({ hasText: '/signin/callback' }).innerText();
  assert.equal(redirectUri, `${server.consoleUrl}/signin/callback`);
  await drawer.getByLabel('Name', { exact: true }).fill('Example');
  await drawer.getByLabel('Issuer').fill('http://127.0.0.1:1/nothing-here');
  await drawer.getByRole('button', { name: 'Test the connection' }).click();
  await drawer.getByText('The identity provider cannot be used: it cannot be reached.').waitFor();
  await drawer.getByLabel('Issuer').fill(provider.issuer);
  await drawer.getByRole('button', { name: 'Test the connection' }).click();
  await drawer.getByText('It answers.').waitFor();
  await drawer.getByLabel('Client ID').fill(provider.clientId);
  await drawer.getByLabel('Client secret').fill(provider.clientSecret);
  await drawer.getByRole('button', { name: 'Add a group' }).click();
  await drawer.getByLabel('Group 1', { exact: true }).fill('storage-readers');
  await drawer.getByLabel('Policies of group 1').click();
  await root.getByRole('option', { name: 'vStorageReadOnlyAccess' }).click();
  await root.keyboard.press('Escape');
  await drawer.getByRole('button', { name: 'Save' }).click();
  await root.getByText('The identity provider is saved.').waitFor();
  const rest = await restOf(root);
  const { items } = await rest.get<IdentityProviderList>('/identity-providers');
  assert.deepEqual(items[0]?.groupMappings, [{ group: 'storage-readers', policies: ['vStorageReadOnlyAccess'] }]);
  assert.ok(items[0]?.hasSecret && !JSON.stringify(items).includes(provider.clientSecret));
  assert.deepEqual(complaints, []);
});

test('somebody the provider knows becomes an IAM user without a password, with the policies of the groups', async () => {
  provider.people.set('sub-1', {
    preferred_username: 'ana.nguyen',
    email: 'ana@example.com',
    groups: ['storage-readers'],
  });
  const context = await chrome.newContext();
  const page = await context.newPage();
  const complaints = collectComplaints(page);
  await page.goto('/users');
  await signInAt(page, 'sub-1');
  await signedIn(page);
  const user = (await people()).find(({ username }) => username === 'ana.nguyen');
  assert.deepEqual(user?.policies, ['vStorageReadOnlyAccess']);
  assert.equal(user?.hasPassword, false);
  assert.ok(user.lastSignInAt !== null);
  await page.goto('/security');
  await page.getByText('You sign in through an identity provider').waitFor();
  // the provider's own page wants a font from elsewhere
  assert.deepEqual(
    complaints.filter((text) => !text.includes('ERR_NAME_NOT_RESOLVED')),
    [],
  );
  await context.close();
});

test('the mapping is applied at every sign-in, and policies attached by hand stay', async () => {
  const [ana] = (await people()).filter(({ username }) => username === 'ana.nguyen');
  assert.ok(ana !== undefined);
  await attach(ana.id, ['vStorageReadOnlyAccess', 'vStorageFullAccess']);
  provider.people.set('sub-1', { preferred_username: 'renamed.there', groups: [] });
  const context = await chrome.newContext();
  const page = await context.newPage();
  await signInAt(page, 'sub-1');
  await signedIn(page);
  const users = await people();
  assert.deepEqual(
    users.map(({ username, policies }) => [username, policies]),
    [['ana.nguyen', ['vStorageFullAccess']]],
  );
  await context.close();
});

const attach = (id: string, policies: string[]): Promise<unknown> =>
  root.evaluate(
    async ({ path, body }) => {
      const session: unknown = await (await fetch('/api/v1/session')).json();
      const headers = { 'content-type': 'application/json', 'x-csrf-token': String(Object(session).csrfToken) };
      return (await fetch(path, { method: 'PUT', body, headers })).status;
    },
    { path: `/api/v1/users/${id}/policies`, body: JSON.stringify({ policies }) },
  );

test('with a second account, providers are shown for the root e-mail that is entered', async () => {
  await server.cli(['account', 'create', '--email', 'second@example.com']);
  const context = await chrome.newContext();
  const page = await context.newPage();
  await page.goto('/signin');
  await page.getByRole('button', { name: 'Sign in with a passkey' }).waitFor();
  assert.equal(await page.getByRole('button', { name: 'Sign in with Example' }).count(), 0);
  await page.getByRole('button', { name: 'Sign in with IAM User Account' }).click();
  await page.getByLabel("Root user's e-mail").fill(server.rootEmail);
  await page.getByRole('button', { name: 'Sign in with Example' }).waitFor();
  await page.getByLabel("Root user's e-mail").fill('second@example.com');
  await page.getByRole('button', { name: 'Sign in with Example' }).waitFor({ state: 'detached' });
  await context.close();
  await server.cli(['account', 'delete', 'second@example.com', '--yes']);
});

test('a disabled user stays out, whatever the provider says', async () => {
  const [ana] = (await people()).filter(({ username }) => username === 'ana.nguyen');
  await root.goto(`/users/${ana?.id}`);
  await root.getByRole('button', { name: 'Disable user' }).click();
  await root.getByRole('button', { name: 'Enable user' }).waitFor();
  const context = await chrome.newContext();
  const page = await context.newPage();
  await signInAt(page, 'sub-1');
  await page.getByText('This account is disabled.').waitFor();
  await context.close();
});

test('a name that another IAM user has opens nothing', async () => {
  const rest = await restOf(root);
  await rest.post('/users', { usernames: ['boss.user'], password: 'Us3r-password', policies: ['vStorageFullAccess'] });
  provider.people.set('sub-evil', { preferred_username: 'boss.user', groups: ['storage-readers'] });
  const context = await chrome.newContext();
  const page = await context.newPage();
  await signInAt(page, 'sub-evil');
  await page.getByText('There is another IAM user named boss.user.').waitFor();
  await context.close();
});

test('somebody who cancels at the provider is told so and can try again', async () => {
  const context = await chrome.newContext();
  const page = await context.newPage();
  await page.goto('/signin');
  await page.getByRole('button', { name: 'Sign in with Example' }).click();
  await page.waitForURL(`${provider.issuer}/**`);
  await page.getByText('Cancel').click();
  await page.getByText('The identity provider refused to sign you in (access_denied).').waitFor();
  await page.getByRole('link', { name: 'Back to the sign-in page' }).click();
  await page.getByRole('button', { name: 'Sign in with Example' }).waitFor();
  await context.close();
});

test('an answer of the provider is good for the browser that asked, and for its own question', async () => {
  provider.people.set('sub-2', { preferred_username: 'second.person', groups: [] });
  const context = await chrome.newContext();
  const page = await context.newPage();
  let callback = '';
  // the code is not redeemed by the browser that it was made for
  await page.route('**/api/v1/session', (route) =>
    route.request().method() === 'POST' ? route.abort() : route.continue(),
  );
  page.on('request', (request) => {
    if (request.isNavigationRequest() && request.url().includes('/signin/callback')) callback = request.url();
  });
  await signInAt(page, 'sub-2');
  await page.getByText('The server does not answer').first().waitFor();
  assert.match(callback, /code=/);
  const other = await (await chrome.newContext()).newPage();
  await other.goto(callback);
  await other.getByText('The sign-in took too long').waitFor();
  // a question of its own, answered with the other's code
  await other.goto('/signin');
  await other.getByRole('button', { name: 'Sign in with Example' }).click();
  await other.waitForURL(`${provider.issuer}/**`);
  await other.goto(callback);
  await other.getByText('does not belong to this sign-in').waitFor();
  assert.equal(
    (await people()).some(({ username }) => username === 'second.person'),
    false,
  );
  await other.context().close();
  await context.close();
});
