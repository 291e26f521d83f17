import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { mkdir, open, readdir, readFile, rename, rm, rmdir, stat, truncate, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { test } from 'node:test';
import { CreateBucketCommand, GetObjectCommand, ListObjectsV2Command, type S3Client } from '@aws-sdk/client-s3';
import { countedDuring } from '../support/request-counts.ts';
import { bytesOf } from '../s3/s3-target.ts';
import { type ClientSetUp, sdkFor, setUpClient } from './client-driver.ts';
import { mountBucket, whyNoFuse } from './s3fs-mount.ts';

const MIB = 1024 * 1024;
const Bucket = 'mounted-bucket';

test('a bucket mounted with s3fs is a folder: write, read, list, rename, random writes, truncate, unlink', {
  timeout: 180_000,
  skip: whyNoFuse() ?? false,
}, async (t) => {
  const setUp = await setUpClient(t);
  const client = await sdkFor(setUp);
  t.after(() => client.destroy());
  await client.send(new CreateBucketCommand({ Bucket }));
  const large = randomBytes(25 * MIB);

  const mount = await mountBucket(setUp, Bucket);
  if (typeof mount === 'string') return t.skip(mount);
  await using stack = new AsyncDisposableStack();
  stack.use(mount);
  const docs = join(mount.folder, 'docs');
  await mkdir(docs);
  await writeFile(join(docs, 'ảnh + 1.txt'), 'hello');
  await writeFile(join(docs, 'large.bin'), large);
  assert.deepEqual((await readdir(docs)).sort(), ['large.bin', 'ảnh + 1.txt']);
  assert.ok((await objectOf(client, 'docs/large.bin')).equals(large));

  const counted = await countedDuring(setUp.server, async () => {
    await rename(join(docs, 'large.bin'), join(docs, 'renamed.bin'));
    await writeAt(join(docs, 'renamed.bin'), 12 * MIB + 5, 'in the middle');
  });
  large.write('in the middle', 12 * MIB + 5);
  assert.ok((await objectOf(client, 'docs/renamed.bin')).equals(large));
  // it renames large files by parts, and sends only the part that a random write touched
  assert.ok((counted['UploadPartCopy'] ?? 0) > 0 && (counted['UploadPart'] ?? 0) <= 1, JSON.stringify(counted));
  await truncate(join(docs, 'ảnh + 1.txt'), 4);
  await stack.disposeAsync();

  await checkAgain(setUp, large);
  const { KeyCount } = await client.send(new ListObjectsV2Command({ Bucket }));
  assert.equal(KeyCount, 0);
});

/** Mounted anew, nothing comes out of s3fs's own memory. */
async function checkAgain(setUp: ClientSetUp, large: Buffer): Promise<void> {
  const mount = await mountBucket(setUp, Bucket);
  assert.ok(typeof mount !== 'string');
  await using _mount = mount;
  const docs = join(mount.folder, 'docs');
  assert.ok((await readFile(join(docs, 'renamed.bin'))).equals(large));
  assert.equal(await readFile(join(docs, 'ảnh + 1.txt'), 'utf8'), 'hell');
  assert.equal((await stat(join(docs, 'renamed.bin'))).size, large.length);
  for (const name of await readdir(docs)) await rm(join(docs, name));
  await rmdir(docs);
  assert.deepEqual(await readdir(mount.folder), []);
}

/** What a random write in an editor or a database does. */
async function writeAt(path: string, position: number, text: string): Promise<void> {
  await using file = await open(path, 'r+');
  await file.write(text, position);
}

async function objectOf(client: S3Client, Key: string): Promise<Buffer> {
  return Buffer.from(await bytesOf(await client.send(new GetObjectCommand({ Bucket, Key }))));
}
