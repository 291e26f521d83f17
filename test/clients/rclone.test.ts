import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { test } from 'node:test';
import { rcloneConfig } from '../../src/console-api/connections/rclone.ts';
import { profileName } from '../../src/console-api/connections/setup.ts';
import { runCommand } from '../support/run-command.ts';
import { type ClientDriver, type ClientSetUp, exerciseClient, setUpClient } from './client-driver.ts';

test('Rclone works with the configuration file of the console', { timeout: 300_000 }, async (t) => {
  const setUp = await setUpClient(t);
  await exerciseClient(t, setUp, await rclone(setUp));
});

async function rclone({ facts, folder, caFile }: ClientSetUp): Promise<ClientDriver> {
  const config = join(folder, 'rclone.conf');
  await writeFile(config, rcloneConfig(facts), { mode: 0o600 });
  const remote = profileName(facts);
  const env = { RCLONE_CA_CERT: caFile, RCLONE_CONFIG: config, RCLONE_RETRIES: '1' };
  const run = async (...args: string[]) => await runCommand('rclone', args, { cwd: folder, env });
  return {
    makeBucket: async (bucket) => void (await run('mkdir', `${remote}:${bucket}`)),
    upload: async (file, bucket, key) => void (await run('copyto', file, `${remote}:${bucket}/${key}`)),
    list: async (bucket) =>
      (await run('lsf', '--recursive', '--files-only', `${remote}:${bucket}`)).split('\n').filter(Boolean),
    download: async (bucket, key, file) => void (await run('copyto', `${remote}:${bucket}/${key}`, file)),
    readRange: async (bucket, key, start, end) => {
      const file = join(folder, 'range');
      const source = `'${remote}:${bucket}/${key}'`;
      await runCommand('sh', ['-c', `rclone cat --offset ${start} --count ${end - start} ${source} > ${file}`], {
        env,
        cwd: folder,
      });
      return await readFile(file);
    },
    copy: async (bucket, fromKey, toKey) =>
      void (await run('copyto', `${remote}:${bucket}/${fromKey}`, `${remote}:${bucket}/${toKey}`)),
    sync: async (source, bucket, prefix) => void (await run('sync', source, `${remote}:${bucket}/${prefix}`)),
    presignGet: async (bucket, key) => (await run('link', '--expire', '10m', `${remote}:${bucket}/${key}`)).trim(),
    remove: async (bucket, key) => void (await run('deletefile', `${remote}:${bucket}/${key}`)),
    removeBucket: async (bucket) => void (await run('rmdir', `${remote}:${bucket}`)),
  };
}
