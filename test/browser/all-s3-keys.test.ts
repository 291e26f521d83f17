import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { test } from 'node:test';
import { ListBucketsCommand } from '@aws-sdk/client-s3';
import type { CreatedS3Key, ProjectView } from '../../src/console-api/contract.ts';
import { startServer } from '../support/start-server.ts';
import { collectComplaints, openBrowser } from './support/chromium.ts';
import { signInAsRoot, signInAsUser } from './support/console-page.ts';
import { field } from './support/fields.ts';
import { createKey, createProject, restOf } from './support/rest.ts';
import { type KeyPair, openS3Client, outcome } from './support/s3-client.ts';

const PASSWORD = 'User-Passw0rd!';

test('S3 keys of all projects: filtered, several disabled and enabled, reported, deleted; a user sees its own', async () => {
  await using server = await startServer();
  await using chrome = await openBrowser(server);
  const page = await (await chrome.newContext()).newPage();
  const complaints = collectComplaints(page);
  await signInAsRoot(page, server);
  const rest = await restOf(page);
  const [first] = (await rest.get<{ items: ProjectView[] }>('/projects')).items;
  const second = await createProject(rest, { name: 'archive', quotaBytes: 2 ** 30 });
  await rest.post('/users', { usernames: ['keeper'], password: PASSWORD, policies: ['vStorageFullAccess'] });
  const ofUser = (await server.cli([
    's3-key',
    'create',
    '--account',
    server.rootEmail,
    '--project',
    'archive',
    '--user',
    'keeper',
  ])) as CreatedS3Key;
  const web = await createKey(rest, first?.id ?? '', 'web shop');
  const backup = await createKey(rest, second.id, 'backup', new Date(Date.now() + 86_400_000).toISOString());
  const row = ({ accessKey }: Pick<KeyPair, 'accessKey'>) => page.getByRole('row').filter({ hasText: accessKey });
  const works = async (key: KeyPair): Promise<string> => {
    const s3 = await openS3Client(server, key);
    const answer = await outcome(s3.send(new ListBucketsCommand({})));
    s3.destroy();
    return answer;
  };

  const show = async (which: string): Promise<void> => {
    await field(page, 'Show').click();
    await page.getByRole('option', { name: which, exact: true }).click();
  };

  await page.getByRole('link', { name: 'S3 keys', exact: true }).click();
  await page.getByRole('heading', { name: 'S3 keys of all projects' }).waitFor();
  await row(web).getByRole('link', { name: 'default' }).waitFor();
  await row(backup).getByRole('link', { name: 'archive' }).waitFor();
  await row(ofUser).getByText('keeper').waitFor();
  await page.getByRole('radiogroup', { name: 'Created by' }).getByText('IAM user', { exact: true }).click();
  await row(web).waitFor({ state: 'detached' });
  await row(ofUser).waitFor();
  await page.getByRole('radiogroup', { name: 'Created by' }).getByText('Any', { exact: true }).click();
  await show('Never expiring');
  await row(backup).waitFor({ state: 'detached' });
  await row(web).waitFor();

  for (const key of [web, ofUser]) await page.getByRole('checkbox', { name: `Select ${key.accessKey}` }).check();
  await page.getByRole('button', { name: 'Disable', exact: true }).click();
  await page.getByText('2 keys are disabled.').waitFor();
  assert.deepEqual([await works(web), await works(ofUser)], ['403 InvalidAccessKeyId', '403 InvalidAccessKeyId']);
  await show('Disabled');
  await page.getByRole('button', { name: 'Enable', exact: true }).click();
  await page.getByText('2 keys are enabled.').waitFor();
  assert.deepEqual([await works(web), await works(ofUser)], ['ok', 'ok']);

  const [download] = await Promise.all([
    page.waitForEvent('download'),
    page.getByRole('link', { name: 'Report (CSV)' }).click(),
  ]);
  const report = await readFile(await download.path(), 'utf8');
  for (const { accessKey, secretKey } of [web, backup, ofUser]) {
    assert.ok(report.includes(accessKey) && !report.includes(secretKey));
  }
  const own = await (await chrome.newContext()).newPage();
  await signInAsUser(own, { rootEmail: server.rootEmail, username: 'keeper', password: PASSWORD });
  await own.goto('/s3-keys');
  await own.getByRole('row').filter({ hasText: ofUser.accessKey }).waitFor();

  await show('All keys');
  await page.getByRole('button', { name: 'Delete', exact: true }).click();
  const confirm = page.getByRole('alertdialog');
  for (const { accessKey } of [web, ofUser]) await confirm.getByText(accessKey).waitFor();
  await confirm.getByRole('button', { name: 'Delete', exact: true }).click();
  await page.getByText('2 keys are deleted and no longer work.').waitFor();
  assert.deepEqual([await works(web), await works(backup)], ['403 InvalidAccessKeyId', 'ok']);
  assert.deepEqual(complaints, []);
});
