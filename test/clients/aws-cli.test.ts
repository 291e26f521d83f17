import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { test } from 'node:test';
import { awsConfig } from '../../src/console-api/connections/aws-cli.ts';
import { profileName } from '../../src/console-api/connections/setup.ts';
import { runCommand } from '../support/run-command.ts';
import { type ClientDriver, type ClientSetUp, exerciseClient, setUpClient } from './client-driver.ts';

test('the AWS CLI works with the profile of the console', { timeout: 300_000 }, async (t) => {
  const setUp = await setUpClient(t);
  await exerciseClient(t, setUp, await awsCli(setUp));
});

async function awsCli({ facts, folder }: ClientSetUp): Promise<ClientDriver> {
  const config = join(folder, 'aws-config');
  await writeFile(config, awsConfig(facts), { mode: 0o600 });
  const env = {
    AWS_CONFIG_FILE: config,
    AWS_PROFILE: profileName(facts),
    AWS_EC2_METADATA_DISABLED: 'true',
    AWS_PAGER: '',
  };
  // Debian's 2.9 reads no endpoint_url from the profile (2.13 does), so it stands on the command line as well
  const run = async (...args: string[]) =>
    await runCommand('/usr/bin/aws', ['--endpoint-url', facts.endpoint, ...args], { cwd: folder, env });
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
