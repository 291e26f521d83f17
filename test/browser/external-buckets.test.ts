// A bucket that one account shares and another uses: told whom to name, added by name, browsed as far as it is allowed.
import assert from 'node:assert/strict';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { test } from 'node:test';
import { PutBucketPolicyCommand } from '@aws-sdk/client-s3';
import type { ExternalBucketList } from '../../src/console-api/contract/external-buckets.ts';
import { startServer } from '../support/start-server.ts';
import { findViolations } from './support/axe.ts';
import { collectComplaints, openBrowser } from './support/chromium.ts';
import { signInAsRoot } from './support/console-page.ts';
import { row, storageOf } from './support/objects.ts';
import { createKey } from './support/rest.ts';
import { openS3Client } from './support/s3-client.ts';

const neighbour = { rootEmail: 'neighbour@example.com', rootPassword: 'Neighbour-Passw0rd' };

test('external bucket: its owner names the account, then it is added by name, opened, read, and taken off the list', async () => {
  await using server = await startServer();
  const passwordFile = join(server.dataDir, 'neighbour.txt');
  await writeFile(passwordFile, neighbour.rootPassword);
  await server.cli(['account', 'create', '--email', neighbour.rootEmail, '--password-file', passwordFile]);
  await server.cli(['project', 'create', '--account', neighbour.rootEmail, '--name', 'default']);
  await using chrome = await openBrowser(server);
  const owner = await (await chrome.newContext()).newPage();
  await signInAsRoot(owner, server);
  const storage = await storageOf(owner);
  await storage.createBucket('lent');
  await storage.put('lent', ['given/notes.txt', 'for you']);
  const key = await createKey(storage.rest, storage.projectId, 'owner');

  const page = await (await chrome.newContext()).newPage();
  const complaints = collectComplaints(page);
  await signInAsRoot(page, neighbour);
  const { projectId, rest } = await storageOf(page);
  await page.goto(`/projects/${projectId}/buckets`);
  await page.getByRole('button', { name: 'External buckets' }).click();
  const dialog = page.getByRole('dialog', { name: 'External buckets' });
  await dialog.getByLabel('Bucket, or a folder in it').fill('lent/given');
  await dialog.getByRole('button', { name: 'Add', exact: true }).click();
  await dialog.getByText(/No bucket lent in this region is shared with you/).waitFor();
  const { you } = await rest.get<ExternalBucketList>(`/projects/${projectId}/external-buckets`);
  await dialog.getByText(you.arn, { exact: true }).waitFor();
  assert.deepEqual(await findViolations(page), []);

  const statement = { Effect: 'Allow', Principal: { AWS: you.arn }, Action: ['s3:ListBucket', 's3:GetObject'] };
  const Resource = ['arn:aws:s3:::lent', 'arn:aws:s3:::lent/*'];
  const Policy = JSON.stringify({ Version: '2012-10-17', Statement: { ...statement, Resource } });
  const client = await openS3Client(server, key);
  await client.send(new PutBucketPolicyCommand({ Bucket: 'lent', Policy }));
  await dialog.getByRole('button', { name: 'Add', exact: true }).click();
  const line = dialog.getByRole('row', { name: /lent\/given/ });
  await line.getByText('Download').waitFor();
  assert.equal(await line.getByText('Upload').count(), 0);
  assert.deepEqual(await findViolations(page), []);
  await line.getByRole('link').click();
  await row(page, 'notes.txt').waitFor();
  assert.equal(await page.getByRole('tab', { name: 'Settings' }).count(), 0);

  await page.goto(`/projects/${projectId}/buckets`);
  await page.getByRole('button', { name: 'External buckets' }).click();
  await dialog.getByRole('button', { name: 'Take lent off the list' }).click();
  await line.waitFor({ state: 'detached' });
  assert.deepEqual((await rest.get<ExternalBucketList>(`/projects/${projectId}/external-buckets`)).items, []);
  assert.deepEqual(
    complaints.filter((text) => !/404/.test(text)),
    [],
  );
});
