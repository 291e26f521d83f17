// checklist 45: as in us-east-1 with the legacy defaults, as everywhere else with AWS's.
import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { test } from 'node:test';
import { CreateBucketCommand, GetObjectCommand, PutObjectCommand } from '@aws-sdk/client-s3';
import { startServer } from '../support/start-server.ts';
import { bytesOf, clientFor, createKey, refusalOf } from './s3-target.ts';

for (const [defaults, refusal] of [
  ['legacy', undefined],
  ['aws', [409, 'BucketAlreadyOwnedByYou']],
] as const) {
  test(`with ${defaults} defaults, making a bucket of one’s own again ${refusal === undefined ? 'succeeds' : 'is refused'} and changes nothing`, async () => {
    await using server = await startServer({ args: ['--bucket-defaults', defaults], workers: 1 });
    const ca = await readFile(server.caFile, 'utf8');
    const client = clientFor({ url: server.s3Url, region: 'HAN02', ca }, await createKey(server));
    const Bucket = 'again';
    await client.send(new CreateBucketCommand({ Bucket }));
    await client.send(new PutObjectCommand({ Bucket, Key: 'k', Body: 'kept' }));
    assert.deepEqual(await refusalOf(client.send(new CreateBucketCommand({ Bucket }))), refusal);
    const kept = await bytesOf(await client.send(new GetObjectCommand({ Bucket, Key: 'k' })));
    assert.equal(Buffer.from(kept).toString(), 'kept');
    client.destroy();
  });
}
