import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { test } from 'node:test';
import { runCommand } from '../support/run-command.ts';
import { type ClientDriver, type ClientSetUp, exerciseClient, setUpClient } from './client-driver.ts';
import { rcloneRemote } from './rclone-remote.ts';

test('Rclone works with the configuration file of the console', { timeout: 300_000 }, async (t) => {
  const setUp = await setUpClient(t);
  await exerciseClient(t, setUp, await driverOf(setUp));
});

async function driverOf(setUp: ClientSetUp): Promise<ClientDriver> {
  const { folder } = setUp;
  const { at, env, run, lines } = await rcloneRemote(setUp);
  return {
    makeBucket: async (bucket) => void (await run('mkdir', at(bucket))),
    upload: async (file, bucket, key) => void (await run('copyto', file, at(`${bucket}/${key}`))),
    list: async (bucket) => await lines('lsf', '--recursive', '--files-only', at(bucket)),
    download: async (bucket, key, file) => void (await run('copyto', at(`${bucket}/${key}`), file)),
    readRange: async (bucket, key, start, end) => {
      const file = join(folder, 'range');
      const source = `'${at(`${bucket}/${key}`)}'`;
      await runCommand('sh', ['-c', `rclone cat --offset ${start} --count ${end - start} ${source} > ${file}`], {
        env,
        cwd: folder,
      });
      return await readFile(file);
    },
    copy: async (bucket, fromKey, toKey) =>
      void (await run('copyto', at(`${bucket}/${fromKey}`), at(`${bucket}/${toKey}`))),
    sync: async (source, bucket, prefix) => void (await run('sync', source, at(`${bucket}/${prefix}`))),
    presignGet: async (bucket, key) => (await run('link', '--expire', '10m', at(`${bucket}/${key}`))).trim(),
    remove: async (bucket, key) => void (await run('deletefile', at(`${bucket}/${key}`))),
    removeBucket: async (bucket) => void (await run('rmdir', at(bucket))),
  };
}
