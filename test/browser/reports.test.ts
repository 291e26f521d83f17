import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { after, before, test } from 'node:test';
import { CreateBucketCommand, GetObjectCommand, PutObjectCommand } from '@aws-sdk/client-s3';
import type { Page } from 'playwright-core';
import type { ProjectView } from '../../src/console-api/contract.ts';
import type { ReportView } from '../../src/console-api/contract/reports.ts';
import { startServer, type TestServer } from '../support/start-server.ts';
import { collectComplaints, openBrowser, type TestBrowser } from './support/chromium.ts';
import { signInAsRoot } from './support/console-page.ts';
import { createKey, type Rest, restOf } from './support/rest.ts';
import { openS3Client, outcome } from './support/s3-client.ts';

const GIB = 1024 ** 3;
const MIB = 1024 ** 2;

let server: TestServer;
let chrome: TestBrowser;
before(async () => {
  server = await startServer();
  chrome = await openBrowser(server);
});
after(async () => {
  await chrome?.[Symbol.asyncDispose]();
  await server?.[Symbol.asyncDispose]();
});

async function open(): Promise<{ page: Page; rest: Rest; project: ProjectView; complaints: string[] }> {
  const page = await (await chrome.newContext()).newPage();
  const complaints = collectComplaints(page);
  await signInAsRoot(page, server);
  const rest = await restOf(page);
  const [project] = (await rest.get<{ items: ProjectView[] }>('/projects')).items.filter(
    ({ name }) => name === 'default',
  );
  assert.ok(project);
  return { page, rest, project, complaints };
}

/** The workers write down what they counted every five seconds. */
async function counted(rest: Rest, wanted: number): Promise<void> {
  for (let tries = 0; tries < 60; tries++) {
    const { sum } = await rest.get<ReportView>('/reports/requests');
    if ((sum.total['2xx'] ?? 0) >= wanted) return;
    await new Promise((resolve) => setTimeout(resolve, 500));
  }
  assert.fail('the requests were not counted');
}

test('overview: somebody new is led from a project to a key to a connected client', async () => {
  const { page, complaints } = await open();
  await page.goto('/');
  await page.getByRole('heading', { name: 'Overview', level: 1 }).waitFor();
  await page.getByRole('heading', { name: 'First steps' }).waitFor();
  await page.getByText('Nothing needs attention.').waitFor();
  await page.getByText('No requests yet').waitFor();
  await page.getByRole('link', { name: 'Generate an S3 key' }).click();
  await page.getByRole('button', { name: 'Generate S3 key' }).click();
  await page.getByRole('dialog').getByRole('button', { name: 'Generate S3 key' }).click();
  await page.getByText('Save the secret key now').waitFor();
  await page.goto('/overview');
  await page.getByRole('link', { name: 'Connect a client' }).waitFor();
  await page.getByText('CreateS3Key').first().waitFor();
  assert.deepEqual(complaints, []);
});

test('overview: usage against quota, requests, traffic, errors and what needs attention', async () => {
  const { page, rest, project, complaints } = await open();
  const key = await createKey(rest, project.id, 'ends soon', new Date(Date.now() + 3 * 86_400_000).toISOString());
  const s3 = await openS3Client(server, key);
  await s3.send(new CreateBucketCommand({ Bucket: 'counted' }));
  await s3.send(new PutObjectCommand({ Bucket: 'counted', Key: 'a.bin', Body: Buffer.alloc(3 * MIB) }));
  await s3
    .send(new GetObjectCommand({ Bucket: 'counted', Key: 'a.bin' }))
    .then(({ Body }) => Body?.transformToByteArray());
  assert.match(await outcome(s3.send(new GetObjectCommand({ Bucket: 'counted', Key: 'missing' }))), /^404/);
  s3.destroy();
  await counted(rest, 3);
  await page.goto('/overview');
  const day = page.getByRole('region', { name: 'Last 24 hours' });
  await day.getByText('6.00 MB', { exact: true }).waitFor();
  await day.getByText('3.00 MB in · 3.00 MB out').waitFor();
  await day.getByText('25% of all requests').waitFor();
  await page.getByRole('region', { name: 'Usage against quota' }).getByText('3.00 MB of 30.00 GB').waitFor();
  await page.getByText(/Key ends soon in default expires on/).waitFor();
  assert.equal(await page.getByRole('heading', { name: 'First steps' }).count(), 0, 'a key was used');
  assert.deepEqual(complaints, []);
});

test('reports: usage, traffic, quota and requests, of any time, as line, columns and table', async () => {
  const { page, rest, complaints } = await open();
  await counted(rest, 3);
  await page.getByRole('link', { name: 'Reports' }).click();
  await page.getByRole('heading', { name: 'Reports', level: 1 }).waitFor();
  await page.getByRole('button', { name: /Largest usage 3.00 MB/ }).waitFor();
  await page.getByRole('button', { name: /Largest quota 30.00 GB/ }).waitFor();
  await page.getByRole('button', { name: /Traffic 6.00 MB 3.00 MB in · 3.00 MB out/ }).click();
  await page.getByRole('img', { name: 'In and out, All together' }).locator('canvas').waitFor();
  await page.getByRole('button', { name: /Requests 4 1 of them failed/ }).click();
  await page.getByRole('img', { name: 'By kind, All together' }).locator('canvas').waitFor();
  await page.getByRole('radio', { name: 'Columns', exact: true }).dispatchEvent('click');
  await page.getByRole('img', { name: 'By kind, All together' }).locator('canvas').waitFor();
  await page.getByLabel('Compare').selectOption({ label: 'By bucket' });
  await page.getByRole('radio', { name: 'Table', exact: true }).dispatchEvent('click');
  const table = page.getByRole('table');
  await table.getByRole('columnheader', { name: 'counted (default)' }).waitFor();
  assert.match(await table.getByRole('row').last().innerText(), /^Sum\s+3$/);

  await page.getByRole('button', { name: /^Time: This month/ }).click();
  await page.getByRole('dialog').getByText('Relative', { exact: true }).click();
  await page.getByLabel('Going back').selectOption({ label: 'Last 24 hours' });
  await page.getByRole('button', { name: 'Show' }).click();
  await page.getByRole('button', { name: /^Time: Last 24 hours/ }).waitFor();
  await table
    .getByRole('rowheader', { name: /\d\d:00$/ })
    .first()
    .waitFor();
  await page.getByRole('button', { name: /^Time: / }).click();
  await page.getByRole('dialog').getByText('Absolute', { exact: true }).click();
  await page.getByLabel('From').fill('2026-01-05');
  await page.getByLabel('To', { exact: true }).fill('2026-01-03');
  assert.ok(await page.getByRole('button', { name: 'Show' }).isDisabled());
  await page.getByLabel('To', { exact: true }).fill('2026-01-07');
  await page.getByRole('button', { name: 'Show' }).click();
  await page.getByRole('button', { name: 'Time: 05/01/2026 – 07/01/2026' }).waitFor();
  assert.match(page.url(), /range=2026-01-05\.\.2026-01-07/);
  await page.reload();
  await page.getByRole('button', { name: 'Time: 05/01/2026 – 07/01/2026' }).waitFor();
  assert.deepEqual(complaints, []);
});

test('reports: the figures are downloaded as CSV', async () => {
  const { page } = await open();
  await page.goto('/reports?kind=quota&by=project&range=today');
  const [download] = await Promise.all([
    page.waitForEvent('download'),
    page.getByRole('link', { name: 'Download CSV' }).click(),
  ]);
  assert.match(download.suggestedFilename(), /^vstorage-quota-.*\.csv$/);
  const text = await readFile(await download.path(), 'utf8');
  assert.match(text, /^time,project,project,quotaBytes,usedBytes\r\n/);
  assert.match(text, new RegExp(`,default,default,${30 * GIB},\\d+\r\n`));
});

test('project: usage alert and auto-scale are set, and the history tells who did what', async () => {
  const { page, project, complaints } = await open();
  await page.goto(`/projects/${project.id}/limits`);
  const alert = page.getByRole('region', { name: 'Usage alert' });
  assert.ok(await alert.getByLabel('Tell when the project gets full').isChecked());
  await alert.getByLabel('Percent of the quota used').fill('75');
  await alert.getByText(/sends no mail/).waitFor();
  await alert.getByRole('button', { name: 'Save alert' }).click();
  await page.getByText('Saved.').first().waitFor();
  const scale = page.getByRole('region', { name: 'Auto-scale' });
  await scale.getByRole('switch').check();
  await scale.getByText('Space left').click();
  await scale.getByLabel('GB left').fill('2');
  await scale.getByLabel('Raise by, GB').fill('10');
  await scale.getByLabel('Up to, GB').fill('100');
  await scale.getByRole('button', { name: 'Save auto-scale' }).click();
  await page.getByRole('tab', { name: 'History' }).click();
  await page.getByRole('row', { name: /Auto-scale set.*root@vstorage.localhost/ }).waitFor();
  await page.getByRole('row', { name: /Usage alert set/ }).waitFor();
  await page.getByRole('row', { name: /Created.*30.00 GB.*Operator/ }).waitFor();
  await page.getByRole('tab', { name: 'Alert and auto-scale' }).click();
  assert.equal(await page.getByLabel('Percent of the quota used').inputValue(), '75 %');
  assert.equal(await page.getByLabel('Up to, GB').inputValue(), '100 GB');
  assert.deepEqual(complaints, []);
});

test('project: made for a period, renewed', async () => {
  const { page } = await open();
  await page.getByRole('button', { name: 'Create project' }).click();
  const drawer = page.getByRole('dialog', { name: 'Create project' });
  await drawer.getByLabel('Name').fill('for a while');
  await drawer.getByLabel('Period').selectOption({ label: '3 months' });
  await drawer.getByRole('button', { name: 'Create project' }).click();
  await page.getByRole('link', { name: 'for a while', exact: true }).click();
  await page.getByRole('button', { name: 'Renew' }).click();
  const dialog = page.getByRole('dialog', { name: 'Renew for a while' });
  await dialog.getByLabel('Period').selectOption({ label: 'No end' });
  await dialog.getByRole('button', { name: 'Renew' }).click();
  await page.getByText('for a while is renewed.').waitFor();
  await page.getByRole('definition').filter({ hasText: 'No end' }).waitFor();
});
