// Passkeys with Chromium's virtual authenticator: registered, used alone and after a password, removed.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import type { BrowserContext, CDPSession, Page } from 'playwright-core';
import { startServer, type TestServer } from '../support/start-server.ts';
import { collectComplaints, openBrowser, type TestBrowser } from './support/chromium.ts';
import { signInAsRoot, signInAsUser } from './support/console-page.ts';
import { restOf } from './support/rest.ts';

let server: TestServer;
let chrome: TestBrowser;

before(async () => {
  server = await startServer();
  chrome = await openBrowser(server);
});
after(async () => {
  await chrome[Symbol.asyncDispose]();
  await server[Symbol.asyncDispose]();
});

type Authenticator = { readonly cdp: CDPSession; readonly id: string };

/** A device with a fingerprint reader, which recognizes the finger unless told otherwise. */
async function addAuthenticator(context: BrowserContext, page: Page): Promise<Authenticator> {
  const cdp = await context.newCDPSession(page);
  await cdp.send('WebAuthn.enable');
  const { authenticatorId: id } = await cdp.send('WebAuthn.addVirtualAuthenticator', {
    options: {
      protocol: 'ctap2',
      transport: 'internal',
      hasResidentKey: true,
      hasUserVerification: true,
      isUserVerified: true,
      automaticPresenceSimulation: true,
    },
  });
  return { cdp, id };
}

async function signOut(page: Page): Promise<void> {
  await page.getByRole('button', { name: /Account menu/ }).click();
  await page.getByRole('menuitem', { name: 'Sign out' }).click();
  await page.getByRole('heading', { level: 1 }).waitFor();
}

async function addPasskey(page: Page, name: string, password: string): Promise<void> {
  await page.getByRole('button', { name: 'Add a passkey' }).click();
  await page.getByRole('dialog').getByLabel('Name').fill(name);
  await page.getByLabel('Your password').fill(password);
  await page.getByRole('button', { name: 'Create the passkey' }).click();
}

async function saveCodes(page: Page): Promise<void> {
  await page.getByLabel('I have saved the recovery codes').check();
  await page.getByRole('button', { name: 'Done' }).click();
}

test('a passkey is added, renamed, signs in without a password, and is removed', async () => {
  const context = await chrome.newContext();
  const page = await context.newPage();
  const complaints = collectComplaints(page);
  const { cdp, id } = await addAuthenticator(context, page);
  await signInAsRoot(page, server);
  await page.goto('/security');
  await addPasskey(page, 'Laptop', 'not the password');
  await page.getByRole('dialog').getByRole('alert').waitFor();
  await page.getByLabel('Your password').fill(server.rootPassword);
  await page.getByRole('button', { name: 'Create the passkey' }).click();
  await saveCodes(page);
  await page.getByText('Laptop', { exact: true }).waitFor();
  await page.getByRole('button', { name: 'Rename Laptop' }).click();
  await page.getByRole('dialog').getByLabel('Name').fill('Work laptop');
  await page.getByRole('button', { name: 'Save' }).click();
  await page.getByText('Work laptop', { exact: true }).waitFor();
  await signOut(page);
  await page.getByRole('button', { name: 'Use another kind of account' }).click();
  await page.getByRole('button', { name: 'Sign in with a passkey' }).click();
  await page.getByRole('heading', { name: 'Overview', level: 1 }).waitFor();
  const { credentials } = await cdp.send('WebAuthn.getCredentials', { authenticatorId: id });
  assert.equal(credentials.length, 1);
  assert.equal(credentials[0]?.rpId, 'localhost');
  assert.ok(credentials[0]?.isResidentCredential);
  await page.goto('/security');
  await page.getByRole('list', { name: 'Sessions' }).getByText('passkey').first().waitFor();
  await page.getByRole('button', { name: 'Remove Work laptop' }).click();
  await page.getByLabel('Your password').fill(server.rootPassword);
  await page.getByRole('dialog').getByRole('button', { name: 'Remove' }).click();
  await page.getByText('You have no passkeys.').waitFor();
  await signOut(page);
  await page.getByRole('button', { name: 'Sign in with a passkey' }).click();
  await page.getByText('This passkey cannot be used here.').waitFor();
  assert.deepEqual(complaints, []);
  await context.close();
});

test('a finger that is not recognized opens nothing', async () => {
  const context = await chrome.newContext();
  const page = await context.newPage();
  const { cdp, id } = await addAuthenticator(context, page);
  await signInAsRoot(page, server);
  await page.goto('/security');
  await addPasskey(page, 'Phone', server.rootPassword);
  await saveCodes(page);
  await signOut(page);
  await cdp.send('WebAuthn.setUserVerified', { authenticatorId: id, isUserVerified: false });
  await page.getByRole('button', { name: 'Sign in with a passkey' }).click();
  await page.getByText('No passkey was used').waitFor();
  await cdp.send('WebAuthn.setUserVerified', { authenticatorId: id, isUserVerified: true });
  await page.getByRole('button', { name: 'Sign in with a passkey' }).click();
  await page.getByRole('heading', { name: 'Overview', level: 1 }).waitFor();
  await page.goto('/security');
  await page.getByRole('button', { name: 'Remove Phone' }).click();
  await page.getByLabel('Your password').fill(server.rootPassword);
  await page.getByRole('dialog').getByRole('button', { name: 'Remove' }).click();
  await page.getByText('You have no passkeys.').waitFor();
  await context.close();
});

test('after the password, a passkey is the second factor of an IAM user; several can be registered', async () => {
  const context = await chrome.newContext();
  const page = await context.newPage();
  await addAuthenticator(context, page);
  const setUp = await (await chrome.newContext()).newPage();
  await signInAsRoot(setUp, server);
  const user = { rootEmail: server.rootEmail, username: 'with.passkey', password: 'Us3r-password' };
  const { username, password } = user;
  await (await restOf(setUp)).post('/users', { usernames: [username], password, policies: [] });
  await signInAsUser(page, user);
  await page.goto('/security');
  await addPasskey(page, 'First', password);
  await saveCodes(page);
  await addPasskey(page, 'Second', password);
  await page.getByText('This device has a passkey for you already.').waitFor();
  await page.getByRole('dialog').getByRole('button', { name: 'Cancel' }).click();
  await signOut(page);
  await page.getByLabel('Username').fill(username);
  await page.getByLabel('Password', { exact: true }).fill(password);
  await page.getByRole('button', { name: 'Sign in', exact: true }).click();
  await page.getByRole('heading', { name: 'Second step' }).waitFor();
  await page.getByRole('button', { name: 'Use a passkey' }).click();
  await page.getByRole('heading', { name: 'Overview', level: 1 }).waitFor();
  await setUp.context().close();
  await context.close();
});

test('an answer that was used once, or came from another page, opens nothing', async () => {
  const context = await chrome.newContext();
  const page = await context.newPage();
  await addAuthenticator(context, page);
  await signInAsRoot(page, server);
  await page.goto('/security');
  await addPasskey(page, 'Replayed', server.rootPassword);
  await saveCodes(page);
  await signOut(page);
  const bodies: string[] = [];
  page.on('request', (request) => {
    if (request.method() === 'POST' && request.url().endsWith('/api/v1/session')) bodies.push(request.postData() ?? '');
  });
  await page.getByRole('button', { name: 'Sign in with a passkey' }).click();
  await page.getByRole('heading', { name: 'Overview', level: 1 }).waitFor();
  const [body = ''] = bodies;
  const send = (text: string): Promise<string> =>
    page.evaluate(async (payload) => {
      const headers = { 'content-type': 'application/json' };
      const answer = await fetch('/api/v1/session', { method: 'POST', body: payload, headers });
      const problem: unknown = await answer.json();
      return `${answer.status} ${String(Object(problem).code)}`;
    }, text);
  // this authenticator counts, so that a replay shows before the challenge is looked at (passkeys.test.ts has the others)
  assert.equal(await send(body), '401 wrong-passkey');
  const parsed = JSON.parse(body) as { passkey: { response: { response: { clientDataJSON: string } } } };
  const inner = parsed.passkey.response.response;
  const said = Buffer.from(inner.clientDataJSON, 'base64url').toString();
  inner.clientDataJSON = Buffer.from(said.replace(server.consoleUrl, 'https://evil.example')).toString('base64url');
  assert.equal(await send(JSON.stringify(parsed)), '401 wrong-passkey');
  await context.close();
});
