// A key has its creator's rights as they are at the moment of each request: narrowed, widened, gone.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import {
  CreateBucketCommand,
  DeleteObjectCommand,
  GetObjectCommand,
  ListObjectsV2Command,
  PutObjectCommand,
} from '@aws-sdk/client-s3';
import type { Page } from 'playwright-core';
import type { ProjectView } from '../../src/console-api/contract.ts';
import { startServer } from '../support/start-server.ts';
import { openBrowser } from './support/chromium.ts';
import { openProjectTab, signInAsRoot, signInAsUser } from './support/console-page.ts';
import { closeKeyDialog, generateKey } from './support/generate-key.ts';
import { createKey, restOf } from './support/rest.ts';
import { openS3Client, outcome } from './support/s3-client.ts';

const BUCKET = 'shared-bucket';
const USERNAME = 'reader.one';

/** The root creates a user on the users page, with a generated password. */
async function createReader(root: Page): Promise<string> {
  await root.getByRole('link', { name: 'IAM users' }).click();
  await root.getByRole('button', { name: 'Create users' }).first().click();
  const drawer = root.getByRole('dialog', { name: 'Create users' });
  await drawer.getByLabel('Usernames').fill(USERNAME);
  await root.keyboard.press('Enter');
  await drawer.getByRole('button', { name: 'Generate', exact: true }).click();
  const password = await drawer.getByLabel('Password', { exact: true }).inputValue();
  await drawer.getByRole('combobox', { name: 'Policies' }).click();
  await root.getByRole('option', { name: 'vStorageReadOnlyAccess' }).click();
  await root.keyboard.press('Escape');
  await drawer.getByRole('button', { name: 'Create users' }).click();
  await root.getByRole('link', { name: USERNAME }).waitFor();
  return password;
}

async function attachFullAccess(root: Page): Promise<void> {
  await root.getByRole('link', { name: USERNAME }).click();
  await root.getByRole('combobox', { name: 'Policies' }).click();
  await root.getByRole('option', { name: 'vStorageFullAccess' }).click();
  await root.keyboard.press('Escape');
  await root.getByRole('region', { name: 'Permissions', exact: true }).getByRole('button', { name: 'Save' }).click();
  await root.getByText(`The rights of ${USERNAME} and of all its keys have changed.`).waitFor();
}

test('a read-only user makes a read-only key; widening, disabling and deleting the user count at the next request', async () => {
  await using server = await startServer();
  await using chrome = await openBrowser(server);
  const root = await (await chrome.newContext()).newPage();
  await signInAsRoot(root, server);
  const rest = await restOf(root);
  const [project] = (await rest.get<{ items: ProjectView[] }>('/projects')).items;
  assert.ok(project);
  const rootS3 = await openS3Client(server, await createKey(rest, project.id, 'root'));
  await rootS3.send(new CreateBucketCommand({ Bucket: BUCKET }));
  await rootS3.send(new PutObjectCommand({ Bucket: BUCKET, Key: 'kept.txt', Body: 'kept' }));
  rootS3.destroy();
  const password = await createReader(root);

  const user = await (await chrome.newContext()).newPage();
  await signInAsUser(user, { rootEmail: server.rootEmail, username: USERNAME, password });
  assert.equal(await user.getByRole('button', { name: 'Create project' }).count(), 0);
  await openProjectTab(user, 'default', 'Identity and Access Management');
  const key = await generateKey(user, 'reader');
  await closeKeyDialog(user);

  const s3 = await openS3Client(server, key);
  const read = () => outcome(s3.send(new GetObjectCommand({ Bucket: BUCKET, Key: 'kept.txt' })));
  const list = () => outcome(s3.send(new ListObjectsV2Command({ Bucket: BUCKET })));
  const write = () => outcome(s3.send(new PutObjectCommand({ Bucket: BUCKET, Key: 'new.txt', Body: 'new' })));
  const remove = () => outcome(s3.send(new DeleteObjectCommand({ Bucket: BUCKET, Key: 'kept.txt' })));
  assert.deepEqual([await read(), await list()], ['ok', 'ok']);
  assert.deepEqual([await write(), await remove()], ['403 AccessDenied', '403 AccessDenied']);
  assert.equal(await read(), 'ok');

  await attachFullAccess(root);
  assert.equal(await write(), 'ok');

  await root.getByRole('button', { name: 'Disable user' }).press('Enter');
  await root.getByText(`${USERNAME} is disabled`).waitFor();
  assert.equal(await read(), '403 InvalidAccessKeyId');
  // by keyboard: the notice of the step before may lie over the button
  await root.getByRole('button', { name: 'Enable user' }).press('Enter');
  await root.getByText(`${USERNAME} is enabled`).waitFor();
  assert.equal(await read(), 'ok');

  await root.getByRole('button', { name: 'Delete user' }).press('Enter');
  await root.getByRole('alertdialog').getByRole('button', { name: 'Delete', exact: true }).click();
  await root.getByText(`User ${USERNAME} is deleted.`).waitFor();
  assert.equal(await read(), '403 InvalidAccessKeyId');
  s3.destroy();

  await user.getByRole('link', { name: 'Trash' }).click();
  await user.getByRole('heading', { name: /Sign in|IAM user/ }).waitFor();
});
