// vStorage on the embedded default, as `vstorage serve` starts it, with one key of its root account.
import { join, resolve } from 'node:path';
import { loadConfig } from '../../src/config/load.ts';
import { openStores, type Stores } from '../../src/stores.ts';
import type { Credentials } from '../../test/support/signing.ts';
import { type StartOptions, startServer, type TestServer } from '../../test/support/start-server.ts';
import { presign } from '../load/presign.ts';
import type { Certificate } from './bare.ts';
import type { BenchTarget } from './target.ts';

export type VStorage = BenchTarget & { readonly server: TestServer };

const REGION = 'HAN02';

export async function startVStorage(options: StartOptions & { readonly quota?: string } = {}): Promise<VStorage> {
  const server = await startServer(options);
  try {
    const { rootEmail } = server;
    if (options.quota !== undefined) {
      await server.cli(['project', 'resize', 'default', '--account', rootEmail, '--quota', options.quota]);
    }
    const args = ['s3-key', 'create', '--account', rootEmail, '--project', 'default', '--description', 'bench'];
    const { accessKey, secretKey } = (await server.cli(args)) as Credentials;
    const endpoint = { origin: server.s3Url, credentials: { accessKey, secretKey, region: REGION } };
    return {
      server,
      name: 'vStorage',
      kind: 'subject',
      origin: server.s3Url,
      pids: [server.pid],
      call: (method, path, query) => presign(endpoint, method, path, query),
      [Symbol.asyncDispose]: () => server[Symbol.asyncDispose](),
    };
  } catch (error) {
    await server[Symbol.asyncDispose]();
    throw error;
  }
}

/** For servers beside it, so that all have the same. */
export function certificateOf({ server: { dataDir } }: Pick<VStorage, 'server'>): Certificate {
  return { certFile: join(dataDir, 'tls', 'server.pem'), keyFile: join(dataDir, 'tls', 'server-key.pem') };
}

/**
 * The stores of a server that runs, opened by this process beside it, as operator commands do; `more`: further settings
 * that it was started with.
 */
export async function openStoresOf(
  { dataDir }: Pick<TestServer, 'dataDir'>,
  more: Readonly<Record<string, string>> = {},
): Promise<Stores> {
  const environment = new Map([['data-dir', resolve(dataDir)], ...Object.entries(more)]);
  return await openStores(loadConfig({ flags: {}, environment, cwd: dataDir }));
}
