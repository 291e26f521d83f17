import { createReadStream, createWriteStream } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { Agent } from 'node:https';
import type { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { test } from 'node:test';
import {
  CopyObjectCommand,
  CreateBucketCommand,
  DeleteBucketCommand,
  DeleteObjectCommand,
  GetObjectCommand,
  ListObjectsV2Command,
  S3Client,
} from '@aws-sdk/client-s3';
import { Upload } from '@aws-sdk/lib-storage';
import { getSignedUrl } from '@aws-sdk/s3-request-presigner';
import { type ClientDriver, type ClientSetUp, exerciseClient, setUpClient } from './client-driver.ts';

test('the AWS SDK for JavaScript works with its default settings', { timeout: 300_000 }, async (t) => {
  const setUp = await setUpClient(t);
  await exerciseClient(t, setUp, await awsSdk(setUp));
});

async function awsSdk({ facts, caFile }: ClientSetUp): Promise<ClientDriver> {
  const client = new S3Client({
    endpoint: facts.endpoint,
    region: facts.region,
    credentials: { accessKeyId: facts.accessKey, secretAccessKey: facts.secretKey },
    forcePathStyle: true,
    requestHandler: { httpsAgent: new Agent({ ca: await readFile(caFile) }) },
  });
  const get = async (bucket: string, key: string, range?: string): Promise<Readable> => {
    const answer = await client.send(
      new GetObjectCommand({ Bucket: bucket, Key: key, ...(range && { Range: range }) }),
    );
    return answer.Body as Readable;
  };
  return {
    makeBucket: async (bucket) => void (await client.send(new CreateBucketCommand({ Bucket: bucket }))),
    upload: async (file, bucket, key) =>
      void (await new Upload({ client, params: { Bucket: bucket, Key: key, Body: createReadStream(file) } }).done()),
    list: async (bucket) => {
      const page = await client.send(new ListObjectsV2Command({ Bucket: bucket }));
      return (page.Contents ?? []).map((object) => object.Key ?? '');
    },
    download: async (bucket, key, file) => await pipeline(await get(bucket, key), createWriteStream(file)),
    readRange: async (bucket, key, start, end) =>
      Buffer.concat(await (await get(bucket, key, `bytes=${start}-${end - 1}`)).toArray()),
    copy: async (bucket, fromKey, toKey) => {
      const source = `${bucket}/${encodeURIComponent(fromKey)}`;
      await client.send(new CopyObjectCommand({ Bucket: bucket, Key: toKey, CopySource: source }));
    },
    sync: null,
    presignGet: async (bucket, key) =>
      await getSignedUrl(client, new GetObjectCommand({ Bucket: bucket, Key: key }), { expiresIn: 600 }),
    remove: async (bucket, key) => void (await client.send(new DeleteObjectCommand({ Bucket: bucket, Key: key }))),
    removeBucket: async (bucket) => void (await client.send(new DeleteBucketCommand({ Bucket: bucket }))),
  };
}
