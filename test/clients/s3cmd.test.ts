import assert from 'node:assert/strict';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { test } from 'node:test';
import { s3cmdConfig } from '../../src/console-api/connections/s3cmd.ts';
import { runCommand } from '../support/run-command.ts';
import { type ClientDriver, type ClientSetUp, exerciseClient, setUpClient } from './client-driver.ts';

test('s3cmd works with the configuration file of the console', { timeout: 300_000 }, async (t) => {
  const setUp = await setUpClient(t);
  await exerciseClient(t, setUp, await s3cmd(setUp));
});

async function s3cmd({ facts, folder }: ClientSetUp): Promise<ClientDriver> {
  const config = join(folder, 's3cnf.s3cfg');
  await writeFile(config, s3cmdConfig(facts), { mode: 0o600 });
  const run = async (...args: string[]) =>
    await runCommand('s3cmd', ['-c', config, '--no-progress', ...args], { cwd: folder });
  return {
    makeBucket: async (bucket) => void (await run('mb', `s3://${bucket}`)),
    upload: async (file, bucket, key) => void (await run('put', file, `s3://${bucket}/${key}`)),
    list: async (bucket) => {
      const lines = (await run('ls', '--recursive', `s3://${bucket}`)).split('\n').filter((line) => line !== '');
      return lines.map((line) => line.slice(line.indexOf(`s3://${bucket}/`) + `s3://${bucket}/`.length));
    },
    download: async (bucket, key, file) => void (await run('get', '--force', `s3://${bucket}/${key}`, file)),
    readRange: async (bucket, key, start, end) => {
      // s3cmd asks for ranges only to go on with a broken download: give it the first bytes, it fetches the rest
      const partial = join(folder, 'partial');
      const whole = await readFile(join(folder, key.slice(key.lastIndexOf('/') + 1)));
      await writeFile(partial, whole.subarray(0, start));
      await run('get', '--continue', `s3://${bucket}/${key}`, partial);
      const bytes = await readFile(partial);
      assert.equal(bytes.length, whole.length);
      return bytes.subarray(start, end);
    },
    copy: async (bucket, fromKey, toKey) =>
      void (await run('cp', `s3://${bucket}/${fromKey}`, `s3://${bucket}/${toKey}`)),
    sync: async (source, bucket, prefix) => void (await run('sync', `${source}/`, `s3://${bucket}/${prefix}/`)),
    presignGet: async (bucket, key) => (await run('signurl', `s3://${bucket}/${key}`, '+600')).trim(),
    remove: async (bucket, key) => void (await run('del', `s3://${bucket}/${key}`)),
    removeBucket: async (bucket) => void (await run('rb', `s3://${bucket}`)),
  };
}
