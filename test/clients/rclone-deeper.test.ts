// Rclone beyond up and down: old versions, checksums, copies and moves within the server.
import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { mkdir, utimes, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { test, type TestContext } from 'node:test';
import { setTimeout as delay } from 'node:timers/promises';
import { PutBucketVersioningCommand } from '@aws-sdk/client-s3';
import { countedDuring, type RequestCounts } from '../support/request-counts.ts';
import { type ClientSetUp, sdkFor, setUpClient } from './client-driver.ts';
import { type Rclone, rcloneRemote } from './rclone-remote.ts';

const MIB = 1024 * 1024;
/** Listings tell whole seconds: versions must be further apart. */
const APART_MS = 1_100;

async function setUpRclone(t: TestContext): Promise<Rclone & ClientSetUp> {
  const setUp = await setUpClient(t);
  return { ...setUp, ...(await rcloneRemote(setUp)) };
}

async function makeTree(folder: string): Promise<string> {
  const tree = join(folder, 'tree');
  await mkdir(join(tree, 'sub folder'), { recursive: true });
  await writeFile(join(tree, 'sub folder', 'large.bin'), randomBytes(12 * MIB));
  await writeFile(join(tree, 'Ảnh + (1).txt'), 'small');
  return tree;
}

test('Rclone lists old versions, reads them by name and by time, and removes them', {
  timeout: 120_000,
}, async (t) => {
  const rclone = await setUpRclone(t);
  const { at, run, lines } = rclone;
  await run('mkdir', at('versioned'));
  const VersioningConfiguration = { Status: 'Enabled' } as const;
  const client = await sdkFor(rclone);
  await client.send(new PutBucketVersioningCommand({ Bucket: 'versioned', VersioningConfiguration }));
  client.destroy();
  const file = join(rclone.folder, 'note.txt');
  await writeFile(file, 'first');
  await run('copyto', file, at('versioned/note.txt'));
  const between = new Date().toISOString();
  await delay(APART_MS);
  await writeFile(file, 'the second');
  await run('copyto', file, at('versioned/note.txt'));
  await delay(APART_MS);
  await run('deletefile', at('versioned/note.txt'));

  assert.deepEqual(await lines('lsf', at('versioned')), []);
  const versions = (await lines('lsf', '--s3-versions', at('versioned'))).sort();
  assert.equal(versions.length, 2);
  for (const name of versions) assert.match(name, /^note-v\d{4}-\d\d-\d\d-\d{6}-\d{3}\.txt$/);
  const contents = [];
  for (const name of versions) contents.push(await run('cat', '--s3-versions', at(`versioned/${name}`)));
  assert.deepEqual(contents, ['first', 'the second']);

  assert.deepEqual(await lines('lsf', '--s3-version-at', between, at('versioned')), ['note.txt']);
  const restored = join(rclone.folder, 'restored');
  await run('copy', '--s3-version-at', between, at('versioned'), restored);
  assert.equal(await run('cat', join(restored, 'note.txt')), 'first');

  await run('backend', 'cleanup-hidden', at('versioned'));
  assert.deepEqual(await lines('lsf', '--s3-versions', at('versioned')), []);
});

test('Rclone checks files by their checksums, and uploads none that only has a new date', {
  timeout: 120_000,
}, async (t) => {
  const { at, run, attempt, server, folder } = await setUpRclone(t);
  const tree = await makeTree(folder);
  const remote = at('checked/tree');
  await run('copy', '--s3-upload-cutoff', '5M', '--s3-chunk-size', '5M', tree, remote);
  await run('check', tree, remote);
  await run('check', '--download', tree, remote);
  const sums = join(folder, 'SUMS');
  await writeFile(sums, await run('hashsum', 'MD5', tree));
  await run('checksum', 'md5', sums, remote);
  assert.deepEqual((await run('hashsum', 'MD5', remote)).split('\n').sort(), await sortedLines(run, tree));

  for (const name of ['Ảnh + (1).txt', 'sub folder/large.bin']) await utimes(join(tree, name), 1, 1);
  const counted = await countedDuring(server, async () => await run('copy', '--checksum', tree, remote));
  assert.deepEqual(transfers(counted), {});

  await writeFile(join(tree, 'Ảnh + (1).txt'), 'sMall');
  const differs = await attempt('check', tree, remote);
  assert.notEqual(differs.code, 0);
  assert.match(differs.stderr, /Ảnh \+ \(1\)\.txt: md5 differ/);
});

const sortedLines = async (run: Rclone['run'], tree: string): Promise<string[]> =>
  (await run('hashsum', 'MD5', tree)).split('\n').sort();

/** Requests that move an object's bytes, through the client or within the server. */
function transfers(counts: RequestCounts): RequestCounts {
  const moving = ['PutObject', 'UploadPart', 'GetObject', 'CopyObject', 'UploadPartCopy'];
  return Object.fromEntries(Object.entries(counts).filter(([operation]) => moving.includes(operation)));
}

test('Rclone copies and moves within the server, in parts where an object is large', {
  timeout: 120_000,
}, async (t) => {
  const { at, run, lines, server, folder } = await setUpRclone(t);
  const tree = await makeTree(folder);
  await run('copy', tree, at('source/tree'));
  await run('mkdir', at('target'));
  const parts = ['--s3-copy-cutoff', '5M', '--s3-chunk-size', '5M'];
  const copied = await countedDuring(
    server,
    async () => await run('copy', ...parts, at('source/tree'), at('target/copy')),
  );
  assert.deepEqual(transfers(copied), { CopyObject: 1, UploadPartCopy: 3 });
  const moved = await countedDuring(server, async () => await run('move', at('target/copy'), at('target/moved')));
  assert.deepEqual(transfers(moved), { CopyObject: 2 });
  await run('check', '--download', tree, at('target/moved'));
  assert.deepEqual(await lines('lsf', '--recursive', '--files-only', at('target/copy')), []);
});
