// A key of an IAM user who may do exactly what the statements say.
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { TestServer } from '../support/start-server.ts';
import { createKey, type KeyPair } from './s3-target.ts';

export async function createUserKey(
  server: TestServer,
  username: string,
  statements: readonly object[],
): Promise<KeyPair> {
  const account = ['--account', server.rootEmail];
  const file = join(server.dataDir, `${username}.json`);
  await writeFile(file, JSON.stringify({ Version: '2012-10-17', Statement: statements }));
  await server.cli(['user', 'create', ...account, '--username', username]);
  await server.cli(['policy', 'attach', ...account, '--user', username, '--policy', file]);
  return createKey(server, ['--user', username]);
}
