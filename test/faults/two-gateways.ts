// Two `vstorage serve` that know nothing of each other but their stores: PostgreSQL, and one folder of files as machines
// with a shared file system have it, or RADOS. One worker each, so that what a process remembers is what is tested.
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startPostgres } from '../../scripts/cluster/postgres.ts';
import { startServer, type TestServer } from '../support/start-server.ts';

export type TwoGateways = AsyncDisposable & { readonly gateways: readonly [TestServer, TestServer] };

/** `blobs`: default a new folder */
export async function startTwoGateways(args: readonly string[], blobs?: string): Promise<TwoGateways> {
  await using opened = new AsyncDisposableStack();
  const postgres = opened.use(await startPostgres({ durable: false }));
  const folder = await mkdtemp(join(tmpdir(), 'vstorage-gateways-'));
  opened.defer(() => rm(folder, { recursive: true, force: true, maxRetries: 5 }));
  const env = { VSTORAGE_METADATA: postgres.url(), VSTORAGE_BLOBS: blobs ?? `files:${join(folder, 'blobs')}` };
  const first = opened.use(await startServer({ env, args, workers: 1 }));
  const masterKey = join(first.dataDir, 'master.key');
  const second = opened.use(
    await startServer({ env: { ...env, VSTORAGE_MASTER_KEY_FILE: masterKey }, args, workers: 1 }),
  );
  const resources = opened.move();
  return { gateways: [first, second], [Symbol.asyncDispose]: () => resources.disposeAsync() };
}
