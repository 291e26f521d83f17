import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { after, before, test } from 'node:test';
import type { BrowserContext, Page } from 'playwright-core';
import type { ProjectView } from '../../src/console-api/contract.ts';
import { rawS3 } from '../support/raw-s3.ts';
import { startServer, type TestServer } from '../support/start-server.ts';
import { collectComplaints, openBrowser, type TestBrowser } from './support/chromium.ts';
import { signInAsRoot, signInAsUser } from './support/console-page.ts';
import { panel } from './support/fields.ts';
import { createKey, type Rest, restOf } from './support/rest.ts';
import type { KeyPair } from './support/s3-client.ts';

const PASSWORD = 'User-Passw0rd!';
const DOCUMENT = {
  Version: '2012-10-17',
  Statement: [
    { Effect: 'Allow', Action: 's3:*', Resource: '*' },
    { Sid: 'NoReports', Effect: 'Deny', Action: 's3:GetObject', Resource: 'arn:aws:s3:::photos/reports/*' },
  ],
};

let server: TestServer;
let chrome: TestBrowser;
let context: BrowserContext;
let page: Page;
let rest: Rest;
let complaints: string[];
/** of the user `analyst` */
let key: KeyPair;

before(async () => {
  server = await startServer();
  chrome = await openBrowser(server);
  context = await chrome.newContext();
  page = await context.newPage();
  complaints = collectComplaints(page);
  await signInAsRoot(page, server);
  rest = await restOf(page);
  await rest.post('/policies', { name: 'Analysts', document: JSON.stringify(DOCUMENT, null, 2) });
  await rest.post('/users', { usernames: ['analyst'], password: PASSWORD, policies: ['Analysts'] });
  const args = ['s3-key', 'create', '--account', server.rootEmail, '--project', 'default', '--user', 'analyst'];
  key = (await server.cli(args)) as KeyPair;
});
after(async () => {
  await context.close();
  await chrome[Symbol.asyncDispose]();
  await server[Symbol.asyncDispose]();
});

async function refused(path: string, pair: KeyPair): Promise<string> {
  const s3 = rawS3({ url: server.s3Url, ca: await readFile(server.caFile, 'utf8'), region: 'HAN02', ...pair });
  const { status, headers } = await s3({ method: 'GET', path });
  assert.equal(status, 403);
  return String(headers['x-amz-request-id']);
}

/** Refusals are written down within two seconds. */
async function known(requestId: string): Promise<void> {
  for (let tries = 0; ; tries++) {
    try {
      await rest.get(`/refusals/${requestId}`);
      return;
    } catch (error) {
      if (tries > 100) throw error;
      await page.waitForTimeout(200);
    }
  }
}

async function ask(requestId: string): Promise<void> {
  await page.getByLabel('Request ID').fill(requestId);
  await page.getByRole('button', { name: 'Explain', exact: true }).click();
}

test('explain a refusal: the statement that denied is shown, and which rule alone stands in the way', async () => {
  const projects = await rest.get<{ items: ProjectView[] }>('/projects');
  const owner = await createKey(rest, projects.items[0]?.id ?? '', 'owner');
  const s3 = rawS3({ url: server.s3Url, ca: await readFile(server.caFile, 'utf8'), region: 'HAN02', ...owner });
  await s3({ method: 'PUT', path: '/photos' });
  await s3({ method: 'PUT', path: '/photos/reports/may.csv', body: 'x' });
  const requestId = await refused('/photos/reports/may.csv', key);
  await known(requestId);

  await page.getByRole('link', { name: 'Explain a refusal' }).click();
  await page.getByLabel('Request ID').fill('not an id');
  await page.getByText('A request ID has 16 hexadecimal digits.').waitFor();
  assert.ok(await page.getByRole('button', { name: 'Explain', exact: true }).isDisabled());
  await ask('0123456789ABCDEF');
  await page.getByRole('alert').waitFor();
  await ask(requestId.toLowerCase());
  await page.getByRole('heading', { name: 'GetObject was refused with 403 AccessDenied' }).waitFor();
  const rules = panel(page, 'What the rules say');
  await rules.getByText('s3:GetObject → arn:aws:s3:::photos/reports/may.csv').waitFor();
  const policies = rules.getByRole('row').filter({ hasText: 'Policies of the identity' });
  await policies.getByText('denies').waitFor();
  await policies.getByText('Alone stands in the way').waitFor();
  await rules.getByText('Statement of Analysts').waitFor();
  await rules.getByText('"NoReports"').waitFor();
  assert.ok((await page.getByRole('list', { name: 'What to do' }).getByRole('listitem').count()) > 0);
});

test('explain a refusal: of a wrong signature it shows what the server built, and opens from the latest', async () => {
  const requestId = await refused('/photos/cat.jpg', { ...key, secretKey: `${key.secretKey}\n` });
  await known(requestId);
  await page.reload();
  await panel(page, 'Latest refusals').getByRole('link', { name: requestId }).click();
  await page.getByRole('heading', { name: 'GetObject was refused with 403 SignatureDoesNotMatch' }).waitFor();
  const signature = panel(page, 'The signature');
  await signature.getByText('secret-with-blank').waitFor();
  await signature.getByText('Canonical request', { exact: true }).waitFor();
  await signature.getByText('String to sign', { exact: true }).waitFor();
  const content = await page.content();
  assert.ok(content.includes('/photos/cat.jpg') && !content.includes(key.secretKey));
});

test('explain a refusal: an IAM user sees those of its own keys, without the text of policies', async () => {
  const others = await createKey(rest, (await rest.get<{ items: ProjectView[] }>('/projects')).items[0]?.id ?? '', '');
  const notMine = await refused('/photos', { ...others, secretKey: 'x'.repeat(40) });
  await known(notMine);
  const own = await (await chrome.newContext()).newPage();
  await signInAsUser(own, { rootEmail: server.rootEmail, username: 'analyst', password: PASSWORD });
  await own.getByRole('link', { name: 'Explain a refusal' }).click();
  const latest = panel(own, 'Latest refusals');
  await latest.getByText('Your own.').waitFor();
  assert.equal(await latest.getByRole('link', { name: notMine }).count(), 0);
  await latest.getByRole('listitem').filter({ hasText: 'AccessDenied' }).getByRole('link').first().click();
  await own.getByText('This policy is not yours to see.').waitFor();
  assert.ok(!(await own.content()).includes('"NoReports"'));
  await own.goto(`/explain?request=${notMine}`);
  await own.getByRole('alert').waitFor();
  assert.deepEqual(complaints, []);
});
