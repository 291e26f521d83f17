// A role from its making to its end, as the root user looks after it and as a user takes it on.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { ListBucketsCommand } from '@aws-sdk/client-s3';
import { AssumeRoleCommand } from '@aws-sdk/client-sts';
import type { BrowserContext, Page } from 'playwright-core';
import type { RoleList } from '../../src/console-api/contract/roles.ts';
import { type Clients, type IamTarget, keysIn, openIamTarget, refusal } from '../iam/iam-target.ts';
import { collectComplaints, openBrowser, type TestBrowser } from './support/chromium.ts';
import { signInAsRoot } from './support/console-page.ts';
import { field, panel } from './support/fields.ts';
import { restOf } from './support/rest.ts';

let target: IamTarget;
let chrome: TestBrowser;
let context: BrowserContext;
let page: Page;
let complaints: string[];
let user: Clients;

before(async () => {
  target = await openIamTarget();
  user = await target.user('pipeline');
  chrome = await openBrowser(target.server);
  context = await chrome.newContext();
  page = await context.newPage();
  complaints = collectComplaints(page);
  await signInAsRoot(page, target.server);
});
after(async () => {
  await context.close();
  await chrome[Symbol.asyncDispose]();
  await target[Symbol.asyncDispose]();
});

async function takeOn(RoleSessionName: string): Promise<Clients> {
  const RoleArn = `arn:aws:iam::${target.accountId}:role/deploy`;
  return target.as(keysIn((await user.sts.send(new AssumeRoleCommand({ RoleArn, RoleSessionName }))).Credentials));
}

const listBuckets = (who: Clients): Promise<unknown> => who.s3.send(new ListBucketsCommand({}));
const saved = (): Promise<void> => page.getByText('Role deploy is saved.').last().waitFor();

test('role: made by form for one user, with what it may do', async () => {
  await page.getByRole('link', { name: 'Roles', exact: true }).click();
  await page.getByText('No roles yet').waitFor();
  await page.getByRole('button', { name: 'Create role' }).first().click();
  const drawer = page.getByRole('dialog', { name: 'Create role' });
  await drawer.getByLabel('Role name').fill('deploy');
  assert.ok(await drawer.getByRole('button', { name: 'Create role' }).isDisabled(), 'nobody may take it on yet');
  await field(drawer, 'IAM user').fill('pipeline');
  await page.keyboard.press('Tab');
  await field(drawer, 'Policies').click();
  await page.getByRole('option', { name: 'vStorageFullAccess', exact: true }).click();
  await page.keyboard.press('Tab');
  await drawer.getByRole('button', { name: 'Create role' }).click();
  await page.getByText('Role deploy is created.').waitFor();
  await page.getByRole('heading', { name: 'deploy', level: 1 }).waitFor();
  await panel(page, 'Sessions').getByText('Nobody has taken the role on.').waitFor();
});

test('role: sessions are seen, and ended one by one and all at once', async () => {
  const [one, two] = [await takeOn('nightly'), await takeOn('hourly')];
  await listBuckets(one);
  await page.reload();
  const sessions = panel(page, 'Sessions');
  const row = sessions.getByRole('row').filter({ hasText: 'nightly' });
  await row.getByText(user.keys.accessKeyId).waitFor();
  await row.getByRole('button', { name: 'End session nightly' }).click();
  await row.waitFor({ state: 'detached' });
  assert.equal((await refusal(listBuckets(one))).status, 403);
  await listBuckets(two);
  await sessions.getByRole('button', { name: 'End all sessions' }).click();
  await page.getByRole('alertdialog').getByRole('button', { name: 'End all sessions' }).click();
  await sessions.getByText('Nobody has taken the role on.').waitFor();
  assert.equal((await refusal(listBuckets(two))).status, 403);
});

test('role: boundary, inline policy, tags and description are changed on its page', async () => {
  await page.getByLabel('Description', { exact: true }).fill('Rolls releases out');
  await panel(page, 'Details').getByRole('button', { name: 'Save' }).click();
  await saved();
  const boundary = panel(page, 'Permissions boundary');
  await field(boundary, 'Permissions boundary').fill('AmazonS3ReadOnly');
  await page.getByRole('option', { name: 'AmazonS3ReadOnlyAccess' }).click();
  await boundary.getByRole('button', { name: 'Save' }).click();
  await page.getByText('The boundary of deploy is saved.').waitFor();
  await page.getByRole('button', { name: 'Add inline policy' }).click();
  const drawer = page.getByRole('dialog', { name: 'Add inline policy' });
  await drawer.getByLabel('Name', { exact: true }).fill('reading');
  await drawer.getByRole('button', { name: 'Save' }).click();
  await drawer.waitFor({ state: 'detached' });
  await panel(page, 'Inline policies').getByText('reading').waitFor();
  const tags = panel(page, 'Tags');
  await tags.getByRole('button', { name: 'Add a tag' }).click();
  await tags.getByLabel('Key').fill('team');
  await tags.getByLabel('Value').fill('build');
  await tags.getByRole('button', { name: 'Save' }).click();
  await page.getByText('The tags are saved.').waitFor();
  const [role] = (await (await restOf(page)).get<RoleList>('/roles')).items;
  assert.deepEqual(
    [role?.description, role?.boundary, role?.tags],
    ['Rolls releases out', 'AmazonS3ReadOnlyAccess', [{ key: 'team', value: 'build' }]],
  );
});

test('policy simulator: asked for a role from its page, it shows what its boundary takes away', async () => {
  await page.getByRole('link', { name: 'Try what this role may do' }).click();
  await page.getByRole('heading', { name: 'Policy simulator' }).waitFor();
  await page.getByText('Nothing asked yet').waitFor();
  assert.ok(await page.getByRole('radio', { name: 'Role', exact: true }).isChecked());
  await page.waitForFunction(() => [...document.querySelectorAll('input')].some(({ value }) => value === 'deploy'));
  await field(page, 'Actions').fill('s3:PutObject');
  await page.keyboard.press('Enter');
  await page.getByLabel('Resource').fill('arn:aws:s3:::releases/app.tar');
  await page.getByRole('button', { name: 'Ask', exact: true }).click();
  const decisions = page.getByRole('list', { name: 'Decisions' }).getByRole('listitem');
  await decisions.filter({ hasText: 's3:GetObject' }).getByText('Allowed', { exact: true }).waitFor();
  await decisions.filter({ hasText: 's3:PutObject' }).getByText('Not allowed by anything').waitFor();
  await page.goBack();
});

test('role: whom a changed trust policy no longer names cannot take it on; deleted, it is gone', async () => {
  const taken = await takeOn('before');
  await listBuckets(taken);
  const trust = panel(page, 'Who may take it on');
  const editor = trust.getByRole('textbox');
  const original = await editor.inputValue();
  await editor.fill(original.replace('"Allow"', '"Perhaps"'));
  await trust.getByText(/^Line \d+, column \d+:/).waitFor();
  assert.ok(await trust.getByRole('button', { name: 'Save' }).isDisabled());
  await editor.fill(original.replace(/"arn:aws:iam::\d+:user\/pipeline"/, `"arn:aws:iam::${target.accountId}:root"`));
  await trust.getByRole('button', { name: 'Save' }).click();
  await saved();
  assert.equal((await refusal(takeOn('again'))).code, 'AccessDenied');
  assert.equal((await refusal(listBuckets(taken))).status, 403, 'whoever has it taken on already is out too');
  await page.getByRole('button', { name: 'Delete', exact: true }).first().click();
  await page.getByRole('alertdialog').getByRole('button', { name: 'Delete' }).click();
  await page.getByText('No roles yet').waitFor();
  assert.deepEqual(complaints, []);
});
