// What the connection page shows, pasted into a shell line by line: configure, download the CA, trust it, use it.
import assert from 'node:assert/strict';
import { mkdir, symlink, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { clientSetupFor } from '../../src/console-api/connections/all.ts';
import type { ClientId, ClientSetup } from '../../src/console-api/contract.ts';
import { runCommand } from '../support/run-command.ts';
import { type ClientSetUp, setUpClient } from './client-driver.ts';

const NODE_MODULES = fileURLToPath(new URL('../../node_modules', import.meta.url));

/** Without the CA's path: as on another machine, which fetches the CA from the console. */
function shownSetup(id: ClientId, { facts }: ClientSetUp): ClientSetup {
  return clientSetupFor(id, { ...facts, ca: facts.ca && { ...facts.ca, path: null } });
}

function scriptOf({ id, commands }: ClientSetup): string {
  const pasted = commands.filter(({ label, platform }) => label !== 'install' && ['any', 'linux'].includes(platform));
  assert.ok(
    pasted.some(({ label }) => label === 'trust-ca'),
    id,
  );
  // what was uploaded is downloaded again, into the place where it came from
  const lines = pasted.map(({ label, text }) => (label === 'download' ? `rm photo.jpg\n${text}` : text));
  return ['set -eu', ...lines].join('\n').replaceAll('my-bucket', `paste-${id}`);
}

async function paste(t: TestContext, id: ClientId): Promise<string> {
  const setUp = await setUpClient(t);
  const home = setUp.folder;
  const setup = shownSetup(id, setUp);
  await mkdir(join(home, 'folder'));
  await writeFile(join(home, 'photo.jpg'), 'a photo');
  await writeFile(join(home, 'folder', 'note.txt'), 'a note');
  await symlink(NODE_MODULES, join(home, 'node_modules'));
  for (const { name, content } of setup.files) {
    await writeFile(join(home, name), content.replaceAll('my-bucket', `paste-${id}`), { mode: 0o600 });
  }
  const env = { PATH: `${dirname(process.execPath)}:/usr/bin:/bin`, HOME: home, RESTIC_PASSWORD: 'a password' };
  return await runCommand('bash', ['-c', scriptOf(setup)], { cwd: home, env });
}

for (const id of ['s3cmd', 'rclone', 'aws-cli'] as const) {
  test(`the commands shown for ${id} make a bucket, upload, download, sync and presign`, {
    timeout: 120_000,
  }, async (t) => {
    const output = await paste(t, id);
    assert.match(output, /sha256 Fingerprint=/i);
    assert.match(output, new RegExp(`https://[^ ]*paste-${id}/photo\\.jpg\\?`), 'the presigned URL');
  });
}

test('the commands shown for restic back up, check and restore', { timeout: 120_000 }, async (t) => {
  assert.match(await paste(t, 'restic'), /no errors were found/);
});

test('the commands shown for the AWS SDK for JavaScript run its example', { timeout: 120_000 }, async (t) => {
  assert.match(await paste(t, 'sdk-javascript'), /Fingerprint=/i);
});
