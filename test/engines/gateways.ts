// The whole server on PostgreSQL and RADOS: gateways hold nothing, so any number of them are one.
import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { test } from 'node:test';
import * as sdk from '@aws-sdk/client-s3';
import { startPostgres } from '../../scripts/cluster/postgres.ts';
import { pattern } from '../contract/blobs/blobs.ts';
import { bytesOf, clientFor, createKey, refusalOf } from '../s3/s3-target.ts';
import { cephOptions, TEST_POOL } from '../support/ceph.ts';
import { startServer, type TestServer } from '../support/start-server.ts';

export function gatewayTests(): void {
  test('two gateways serve the same buckets, objects and keys; one that ends takes nothing with it', async () => {
    await using postgres = await startPostgres({ durable: false });
    const env = {
      VSTORAGE_METADATA: postgres.url(),
      VSTORAGE_BLOBS: `rados://${TEST_POOL}?conf=${cephOptions().confFile}&id=admin&namespace=gateways`,
    };
    await using first = await startServer({ env });
    const masterKey = join(first.dataDir, 'master.key');
    await using second = await startServer({ env: { ...env, VSTORAGE_MASTER_KEY_FILE: masterKey } });
    const key = await createKey(first);
    const [a, b] = await Promise.all([first, second].map(async (one) => clientFor(await where(one), key)));
    assert.ok(a && b);

    await a.send(new sdk.CreateBucketCommand({ Bucket: 'shared' }));
    const bodies = { small: pattern(1_000), large: pattern(3_000_000) };
    for (const [Key, Body] of Object.entries(bodies)) {
      await a.send(new sdk.PutObjectCommand({ Bucket: 'shared', Key, Body }));
      assert.ok(
        Buffer.from(await bytesOf(await b.send(new sdk.GetObjectCommand({ Bucket: 'shared', Key })))).equals(Body),
      );
    }
    await uploadParts(a, b);
    const { Contents = [] } = await b.send(new sdk.ListObjectsV2Command({ Bucket: 'shared' }));
    assert.deepEqual(
      Contents.map(({ Key, Size }) => [Key, Size]),
      [
        ['large', 3_000_000],
        ['parts', 11 * 2 ** 20],
        ['small', 1_000],
      ],
    );

    assert.equal(await first.stop(), 0);
    const range = await b.send(
      new sdk.GetObjectCommand({ Bucket: 'shared', Key: 'large', Range: 'bytes=2000000-2000999' }),
    );
    assert.ok(Buffer.from(await bytesOf(range)).equals(bodies.large.subarray(2_000_000, 2_001_000)));
    await b.send(new sdk.DeleteObjectCommand({ Bucket: 'shared', Key: 'large' }));
    assert.equal((await refusalOf(b.send(new sdk.HeadObjectCommand({ Bucket: 'shared', Key: 'large' }))))?.[0], 404);
    await assert.rejects(startServer({ env }), /master key/i, 'a gateway that made a master key of its own');
  });
}

async function where(server: TestServer): Promise<{ url: string; region: string; ca: string }> {
  return { url: server.s3Url, region: 'HAN02', ca: await readFile(server.caFile, 'utf8') };
}

/** Begins on one gateway, sends a part through each, ends on the other. */
async function uploadParts(a: sdk.S3Client, b: sdk.S3Client): Promise<void> {
  const target = { Bucket: 'shared', Key: 'parts' };
  const { UploadId } = await a.send(new sdk.CreateMultipartUploadCommand(target));
  const send = (client: sdk.S3Client, PartNumber: number, Body: Buffer): Promise<sdk.UploadPartCommandOutput> =>
    client.send(new sdk.UploadPartCommand({ ...target, UploadId, PartNumber, Body }));
  const [one, two] = [pattern(6 * 2 ** 20), pattern(5 * 2 ** 20)];
  const parts = await Promise.all([send(a, 1, one), send(b, 2, two)]);
  const Parts = parts.map(({ ETag }, index) => ({ ETag, PartNumber: index + 1 }));
  await b.send(new sdk.CompleteMultipartUploadCommand({ ...target, UploadId, MultipartUpload: { Parts } }));
  const whole = await bytesOf(await a.send(new sdk.GetObjectCommand(target)));
  assert.ok(Buffer.from(whole).equals(Buffer.concat([one, two])));
}
