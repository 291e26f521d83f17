import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { test } from 'node:test';
import { awsCli } from './aws-cli-run.ts';
import { type ClientDriver, type ClientSetUp, exerciseClient, setUpClient } from './client-driver.ts';

test('the AWS CLI works with the profile of the console', { timeout: 300_000 }, async (t) => {
  const setUp = await setUpClient(t);
  await exerciseClient(t, setUp, await driverOf(setUp));
});

async function driverOf(setUp: ClientSetUp): Promise<ClientDriver> {
  const { folder } = setUp;
  const run = await awsCli(setUp);
  return {
    makeBucket: async (bucket) => void (await run('s3', 'mb', `s3://${bucket}`)),
    upload: async (file, bucket, key) => void (await run('s3', 'cp', '--no-progress', file, `s3://${bucket}/${key}`)),
    list: async (bucket) => {
      const answer = await run('s3api', 'list-objects-v2', '--bucket', bucket, '--output', 'json');
      const page = (answer === '' ? {} : JSON.parse(answer)) as { Contents?: { Key: string }[] };
      return (page.Contents ?? []).map((object) => object.Key);
    },
    download: async (bucket, key, file) => void (await run('s3', 'cp', '--no-progress', `s3://${bucket}/${key}`, file)),
    readRange: async (bucket, key, start, end) => {
      const file = join(folder, 'range');
      await run('s3api', 'get-object', '--bucket', bucket, '--key', key, '--range', `bytes=${start}-${end - 1}`, file);
      return await readFile(file);
    },
    copy: async (bucket, fromKey, toKey) =>
      void (await run('s3', 'cp', '--no-progress', `s3://${bucket}/${fromKey}`, `s3://${bucket}/${toKey}`)),
    sync: async (source, bucket, prefix) =>
      void (await run('s3', 'sync', '--no-progress', source, `s3://${bucket}/${prefix}`)),
    presignGet: async (bucket, key) =>
      (await run('s3', 'presign', `s3://${bucket}/${key}`, '--expires-in', '600')).trim(),
    remove: async (bucket, key) => void (await run('s3', 'rm', `s3://${bucket}/${key}`)),
    removeBucket: async (bucket) => void (await run('s3', 'rb', `s3://${bucket}`)),
  };
}
