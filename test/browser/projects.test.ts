import assert from 'node:assert/strict';
import { test } from 'node:test';
import { CreateBucketCommand, ListBucketsCommand, PutObjectCommand } from '@aws-sdk/client-s3';
import { startServer } from '../support/start-server.ts';
import { collectComplaints, openBrowser } from './support/chromium.ts';
import { signInAsRoot } from './support/console-page.ts';
import { createKey, restOf } from './support/rest.ts';
import { openS3Client, outcome } from './support/s3-client.ts';

const MIB = 1024 ** 2;

test('a project is created, filled, resized, moved to the trash and restored', async () => {
  await using server = await startServer();
  await using chrome = await openBrowser(server);
  const page = await (await chrome.newContext()).newPage();
  const complaints = collectComplaints(page);
  await signInAsRoot(page, server);

  await page.getByRole('button', { name: 'Create project' }).click();
  const drawer = page.getByRole('dialog', { name: 'Create project' });
  await drawer.getByLabel('Name').fill('bad/name');
  assert.ok(await drawer.getByRole('button', { name: 'Create project' }).isDisabled());
  await drawer.getByLabel('Name').fill('photo album');
  await drawer.getByRole('radio', { name: /Instant Archive/ }).check();
  await drawer.getByRole('textbox', { name: 'Quota' }).fill('5');
  await drawer.getByRole('button', { name: 'Create project' }).click();
  const row = page.getByRole('row', { name: /photo album/ });
  await row.getByText('Instant Archive').waitFor();
  await row.getByText('0 B of 5.00 GB').waitFor();

  await row.getByRole('link', { name: 'photo album', exact: true }).click();
  await page.getByRole('heading', { name: 'photo album' }).waitFor();
  const projectId = /projects\/([0-9a-f]{32})/.exec(page.url())?.[1] ?? '';
  const key = await createKey(await restOf(page), projectId, 'test');
  const s3 = await openS3Client(server, key);
  await s3.send(new CreateBucketCommand({ Bucket: 'album' }));
  await s3.send(new PutObjectCommand({ Bucket: 'album', Key: 'a.bin', Body: Buffer.alloc(3 * MIB) }));
  await page.reload();
  await page.getByText('3.00 MB of 5.00 GB').waitFor();
  await page.getByRole('row', { name: /album 1 3.00 MB/ }).waitFor();

  await page.getByRole('button', { name: 'Resize' }).click();
  const dialog = page.getByRole('dialog');
  await dialog.getByRole('textbox', { name: 'Quota' }).fill('7');
  await dialog.getByRole('button', { name: 'Resize' }).click();
  await page.getByText('3.00 MB of 7.00 GB').waitFor();

  await page.getByRole('button', { name: 'Delete project' }).click();
  const confirm = page.getByRole('alertdialog');
  const button = confirm.getByRole('button', { name: 'Delete project' });
  assert.ok(await button.isDisabled());
  await confirm.getByLabel(/Type delete me/).fill('delete');
  assert.ok(await button.isDisabled());
  await confirm.getByLabel(/Type delete me/).fill('delete me');
  await button.click();
  await page.getByRole('heading', { name: 'Projects', level: 1 }).waitFor();
  await row.waitFor({ state: 'detached' });
  assert.equal(await outcome(s3.send(new ListBucketsCommand({}))), '403 AccessDenied');

  await page.getByRole('link', { name: 'Trash' }).click();
  await page.getByText('7 days left').waitFor();
  await page.getByRole('button', { name: 'Restore photo album' }).click();
  await page.getByText('photo album is restored with its keys and objects.').waitFor();
  await page.getByText('The trash is empty').waitFor();
  assert.equal(await outcome(s3.send(new ListBucketsCommand({}))), 'ok');
  s3.destroy();
  assert.deepEqual(complaints, []);
});

test('projects are searched and sorted, and an empty region says what to do', async () => {
  await using server = await startServer({ args: ['--region', 'HAN02', '--region', 'HCM04'] });
  await using chrome = await openBrowser(server);
  const page = await (await chrome.newContext()).newPage();
  await signInAsRoot(page, server);
  const rest = await restOf(page);
  for (const name of ['beta', 'alpha', 'gamma']) await rest.post('/projects', { name, quotaBytes: 1024 ** 3 });
  await page.getByRole('button', { name: 'Refresh' }).click();
  const names = () =>
    page
      .getByRole('row')
      .getByRole('link', { name: /^(alpha|beta|gamma|default)$/ })
      .allInnerTexts();
  await page.getByRole('link', { name: 'gamma', exact: true }).waitFor();
  await page.getByRole('button', { name: 'Name' }).click();
  assert.deepEqual(await names(), ['alpha', 'beta', 'default', 'gamma']);
  await page.getByRole('button', { name: 'Name' }).click();
  assert.deepEqual(await names(), ['gamma', 'default', 'beta', 'alpha']);
  await page.getByLabel('Search by name or ID').fill('ALPH');
  assert.deepEqual(await names(), ['alpha']);
  await page.getByLabel('Search by name or ID').fill('nothing like it');
  await page.getByText('Nothing found').waitFor();
  await page.getByRole('button', { name: 'Region HAN02' }).click();
  await page.getByRole('menuitem', { name: /HCM04/ }).click();
  await page.getByText('No projects in this region yet').waitFor();
});
