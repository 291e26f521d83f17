import { readFile } from 'node:fs/promises';
import { Agent } from 'node:https';
import { test } from 'node:test';
import { Client, CopyConditions } from 'minio';
import { type ClientDriver, type ClientSetUp, exerciseClient, setUpClient } from './client-driver.ts';

test('the MinIO SDK for JavaScript works', { timeout: 300_000 }, async (t) => {
  const setUp = await setUpClient(t);
  await exerciseClient(t, setUp, await minio(setUp));
});

async function minio({ facts, caFile }: ClientSetUp): Promise<ClientDriver> {
  const { hostname, port } = new URL(facts.endpoint);
  const client = new Client({
    endPoint: hostname,
    port: Number(port),
    useSSL: true,
    accessKey: facts.accessKey,
    secretKey: facts.secretKey,
    region: facts.region,
    transportAgent: new Agent({ ca: await readFile(caFile) }),
  });
  return {
    makeBucket: async (bucket) => await client.makeBucket(bucket, facts.region),
    upload: async (file, bucket, key) => void (await client.fPutObject(bucket, key, file)),
    list: async (bucket) => {
      const keys: string[] = [];
      for await (const item of client.listObjectsV2(bucket, '', true)) keys.push((item as { name: string }).name);
      return keys;
    },
    download: async (bucket, key, file) => await client.fGetObject(bucket, key, file),
    readRange: async (bucket, key, start, end) =>
      Buffer.concat(await (await client.getPartialObject(bucket, key, start, end - start)).toArray()),
    copy: async (bucket, fromKey, toKey) =>
      void (await client.copyObject(bucket, toKey, `/${bucket}/${fromKey}`, new CopyConditions())),
    sync: null,
    presignGet: async (bucket, key) => await client.presignedGetObject(bucket, key, 600),
    remove: async (bucket, key) => await client.removeObject(bucket, key),
    removeBucket: async (bucket) => await client.removeBucket(bucket),
  };
}
