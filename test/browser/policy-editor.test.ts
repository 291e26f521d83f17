// The editor of policies: by form and as JSON, one text behind both; versions, import, and who has a policy.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import type { BrowserContext, Locator, Page } from 'playwright-core';
import type { PolicyView } from '../../src/console-api/contract.ts';
import { startServer, type TestServer } from '../support/start-server.ts';
import { collectComplaints, openBrowser, type TestBrowser } from './support/chromium.ts';
import { signInAsRoot } from './support/console-page.ts';
import { field, panel } from './support/fields.ts';
import { createUsers, type Rest, restOf } from './support/rest.ts';

let server: TestServer;
let chrome: TestBrowser;
let context: BrowserContext;
let page: Page;
let rest: Rest;
let complaints: string[];

before(async () => {
  server = await startServer();
  chrome = await openBrowser(server);
  context = await chrome.newContext();
  page = await context.newPage();
  complaints = collectComplaints(page);
  await signInAsRoot(page, server);
  rest = await restOf(page);
});
after(async () => {
  await context.close();
  await chrome[Symbol.asyncDispose]();
  await server[Symbol.asyncDispose]();
});

type Statement = Readonly<Record<string, unknown>>;
const statementsOf = (document: string): Statement[] => (JSON.parse(document) as { Statement: Statement[] }).Statement;
const read = (name: string): Promise<PolicyView> => rest.get<PolicyView>(`/policies/${name}`);
const show = (how: 'Form' | 'JSON'): Promise<void> =>
  page.getByRole('radiogroup', { name: 'How to write the policy' }).getByText(how, { exact: true }).click();
const rule = (number: number): Locator => panel(page, `Rule ${number}`);
const pick = (within: Locator, group: string, label: string): Promise<void> =>
  within.getByRole('radiogroup', { name: group }).getByText(label, { exact: true }).click();

async function openPolicy(name: string): Promise<void> {
  await page.goto(`/policies/view?name=${name}`);
  await page.getByRole('heading', { name, level: 1 }).waitFor();
}

test('policy editor: rules are filled in by form, and the form and the JSON say the same', async () => {
  await page.getByRole('link', { name: 'Policies', exact: true }).click();
  await page.getByRole('link', { name: 'Create policy' }).click();
  await page.getByLabel('Name', { exact: true }).first().fill('Uploads');
  const first = rule(1);
  await first.getByLabel('Search actions').fill('GetObject');
  await first.getByRole('checkbox', { name: 'GetObject', exact: true }).uncheck();
  await first.getByLabel('Search actions').fill('PutObject');
  await first.getByRole('checkbox', { name: 'PutObject', exact: true }).check();
  await first.getByRole('button', { name: 'Remove this resource' }).first().click();
  await first.getByLabel('Bucket', { exact: true }).fill('inbox');
  await first.getByRole('button', { name: 'Add a condition' }).click();
  await page.getByRole('menuitem', { name: 'Networks' }).click();
  await page.getByText('Not finished yet').waitFor();
  assert.ok(await page.getByRole('button', { name: 'Create policy' }).isDisabled(), 'a condition is not filled in');
  await field(first, 'Addresses and ranges').fill('203.0.113.0/24');
  await page.keyboard.press('Enter');
  await page.getByText('This can be saved.').waitFor();

  await page.getByRole('button', { name: 'Add a rule' }).click();
  await pick(rule(2), 'Effect', 'Deny');
  await pick(rule(2), 'Actions', 'All actions');
  await rule(2).getByLabel('Bucket', { exact: true }).fill('payroll');
  await page.getByText('This can be saved.').waitFor();
  await show('JSON');
  const editor = page.getByLabel('Policy document (JSON)');
  const [allow, deny] = statementsOf(await editor.inputValue());
  assert.deepEqual(
    [allow?.['Effect'], allow?.['Condition']],
    ['Allow', { IpAddress: { 'aws:SourceIp': ['203.0.113.0/24'] } }],
  );
  assert.deepEqual(
    [deny?.['Effect'], deny?.['Action'], deny?.['Resource']],
    ['Deny', 's3:*', ['arn:aws:s3:::payroll/*']],
  );

  await editor.fill((await editor.inputValue()).replace('payroll/*', 'salaries/*'));
  await show('Form');
  assert.equal(await rule(2).getByLabel('Bucket', { exact: true }).inputValue(), 'salaries');
  await page.getByRole('button', { name: 'Create policy' }).click();
  await page.getByText('Policy Uploads is created.').waitFor();
  assert.match((await read('Uploads')).document, /salaries\/\*/);
});

test('policy editor: what no form can show, and what cannot be read, is said and not lost', async () => {
  await openPolicy('Uploads');
  await show('JSON');
  const editor = page.getByLabel('Policy document (JSON)');
  const original = await editor.inputValue();
  await editor.fill(original.slice(0, -4));
  await page.getByText(/^Line \d+, column \d+:/).waitFor();
  assert.ok(await page.getByRole('button', { name: 'Save' }).first().isDisabled());
  await show('Form');
  await page.getByText('The JSON cannot be read, so no form can show it.').waitFor();
  await show('JSON');
  const odd = original.replace('"Action": "s3:*"', '"NotAction": "s3:GetObject"');
  assert.notEqual(odd, original);
  await editor.fill(odd);
  await show('Form');
  await page.getByText('This policy says something that the form cannot show. Change it as JSON.').waitFor();
  await show('JSON');
  assert.equal(await editor.inputValue(), odd);
});

test('policy versions: each is compared, one of the past counts again, a sixth replaces the oldest', async () => {
  const text = (action: string): string =>
    JSON.stringify({ Version: '2012-10-17', Statement: [{ Effect: 'Allow', Action: action, Resource: '*' }] }, null, 2);
  await rest.post('/policies', { name: 'Grown', document: text('s3:GetObject') });
  await openPolicy('Grown');
  const versions = panel(page, 'Versions');
  const row = (number: number): Locator => versions.getByRole('row').filter({ hasText: `Version ${number}` });
  const change = async (action: string, version: number): Promise<void> => {
    await show('JSON');
    await page.getByLabel('Policy document (JSON)').fill(text(action));
    await panel(page, 'Rules').getByRole('button', { name: 'Save' }).click();
    await row(version).getByText('Default', { exact: true }).waitFor();
  };
  await change('s3:PutObject', 2);
  await row(1).getByRole('button', { name: 'Compare' }).click();
  const compared = page.getByRole('dialog', { name: 'Version 1 and version 2' });
  await compared.locator('[data-change=removed]').filter({ hasText: 's3:GetObject' }).waitFor();
  await compared.locator('[data-change=added]').filter({ hasText: 's3:PutObject' }).waitFor();
  await compared.getByRole('button', { name: 'Close' }).click();

  await row(1).getByRole('button', { name: 'Make default' }).click();
  await page.getByRole('alertdialog').getByRole('button', { name: 'Make default' }).click();
  await page.getByText('Version 1 counts from now on.').waitFor();
  await row(1).getByText('Default', { exact: true }).waitFor();
  assert.match((await read('Grown')).document, /s3:GetObject/);
  await row(2).getByRole('button', { name: 'Delete' }).click();
  await page.getByRole('alertdialog').getByRole('button', { name: 'Delete' }).click();
  await row(2).waitFor({ state: 'detached' });

  for (const version of [3, 4, 5, 6]) await change(`s3:Get${'*'.repeat(version - 2)}`, version);
  await show('JSON');
  await page.getByLabel('Policy document (JSON)').fill(text('s3:*'));
  await page.getByText('saving deletes the oldest that is not the default').waitFor();
  await panel(page, 'Rules').getByRole('button', { name: 'Save' }).click();
  await row(7).getByText('Default', { exact: true }).waitFor();
  await row(1).waitFor({ state: 'detached' });
});

test('policy: given to several at once and taken away from its own page, and duplicated', async () => {
  await createUsers(rest, ['mai.do', 'nam.vu'], []);
  await rest.post('/groups', { name: 'Writers' });
  await openPolicy('Grown');
  const usage = panel(page, 'Who has this policy');
  await usage.getByText('Nobody has this policy.').waitFor();
  await field(usage, 'Attach to').click();
  for (const name of ['mai.do', 'nam.vu', 'Writers']) await page.getByRole('option', { name, exact: true }).click();
  await page.keyboard.press('Escape');
  await usage.getByRole('button', { name: 'Attach', exact: true }).click();
  await usage.getByRole('link', { name: 'Writers' }).waitFor();
  await usage.getByRole('button', { name: 'Detach from mai.do' }).click();
  await usage.getByRole('button', { name: 'Detach from mai.do' }).waitFor({ state: 'detached' });
  assert.deepEqual((await read('Grown')).attachedTo.map(({ name }) => name).toSorted(), ['Writers', 'nam.vu']);

  await page.getByRole('link', { name: 'Duplicate' }).click();
  await page.getByRole('button', { name: 'Create policy' }).click();
  await page.getByText('Policy Grown-copy is created.').waitFor();
  assert.equal((await read('Grown-copy')).document, (await read('Grown')).document);
});

test('policy import: one of the original product is previewed action by action, then made', async () => {
  const original = {
    statements: [
      { effect: 'allow', actions: ['vstorage-hcm03:ListObjects', 'vstorage-hcm03:GetObjectInfo'], resources: ['*'] },
    ],
  };
  await page.getByRole('link', { name: 'Policies', exact: true }).first().click();
  await page.getByRole('button', { name: 'Import' }).click();
  const drawer = page.getByRole('dialog', { name: 'Import a policy' });
  await drawer.getByLabel('Name', { exact: true }).fill('FromHcm03');
  await drawer.getByRole('textbox').last().fill('{ "statements": [');
  await drawer.getByRole('button', { name: 'Show what becomes of it' }).click();
  await drawer.locator('[aria-invalid=true]').waitFor();
  await drawer.getByRole('textbox').last().fill(JSON.stringify(original));
  await drawer.getByRole('button', { name: 'Show what becomes of it' }).click();
  const report = drawer.getByRole('table', { name: 'What became of each action' });
  await report.getByRole('row').filter({ hasText: 'vstorage-hcm03:ListObjects' }).getByText('s3:ListBucket').waitFor();
  await drawer.getByRole('button', { name: 'Create policy' }).click();
  await page.getByRole('heading', { name: 'FromHcm03', level: 1 }).waitFor();
  assert.match((await read('FromHcm03')).document, /s3:ListBucket/);
  assert.deepEqual(complaints, []);
});
