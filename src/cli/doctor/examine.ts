// What `vstorage doctor` looks at. Reads only: it makes and mends nothing.
import { lookup } from 'node:dns/promises';
import { existsSync, readFileSync, statfsSync } from 'node:fs';
import { join } from 'node:path';
import type { ServeConfig } from '../../config/config.ts';
import type { CliContext } from '../context.ts';
import { examineFiles } from './files.ts';
import type { Finding } from './finding.ts';
import { fail, ok, warn } from './finding.ts';
import { examineTls } from './tls.ts';
import { errnoOf } from '../../shared/errno.ts';

export async function examine(config: ServeConfig, context: CliContext): Promise<Finding[]> {
  if (!existsSync(config.dataDir)) {
    return [
      fail('data directory', `${config.dataDir} does not exist`, 'start the server once, or name its --data-dir'),
    ];
  }
  return [
    ...examineFiles(config),
    examineServer(config),
    examineSpace(config),
    await examineStores(config, context),
    ...examineTls(config),
    ...(await examineNames(config)),
  ];
}

function examineServer({ dataDir }: ServeConfig): Finding {
  const file = join(dataDir, 'serve.pid');
  const pid = existsSync(file) ? Number(readFileSync(file, 'utf8')) : 0;
  if (pid === 0) return ok('server', 'not running');
  if (isAlive(pid)) return ok('server', `running as process ${pid}`);
  return warn('server', `process ${pid} of serve.pid is gone`, 'it was killed: start it again');
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return errnoOf(error) === 'EPERM';
  }
}

function examineSpace({ dataDir, reserveBytes }: ServeConfig): Finding {
  const disk = statfsSync(dataDir);
  const free = disk.bavail * disk.bsize;
  const found = `${toMiB(free)} MiB free, ${toMiB(reserveBytes)} MiB kept in reserve`;
  if (free < reserveBytes) return fail('disk space', found, 'writes are refused: free some space or grow the disk');
  if (free < reserveBytes * 4) return warn('disk space', found, 'free some space or grow the disk soon');
  return ok('disk space', found);
}

const toMiB = (bytes: number): number => Math.floor(bytes / 2 ** 20);

/** Opening them compares the master key with the fingerprint in the metadata. */
async function examineStores(config: ServeConfig, context: CliContext): Promise<Finding> {
  const { metadata } = config;
  if (metadata.kind === 'lmdb' && !existsSync(metadata.path)) {
    return warn('stores', 'there are none yet', 'start the server once');
  }
  try {
    await using stores = await context.openStores(config);
    await stores.store.ready();
    await stores.blobs.ready();
    return ok('stores', 'readable and writable, the master key fits');
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    return fail('stores', reason, 'the server cannot start like this');
  }
}

async function examineNames({ regions }: ServeConfig): Promise<Finding[]> {
  const names = regions.flatMap(({ domains }) => domains).flatMap((domain) => [domain, `bucket.${domain}`]);
  return Promise.all(names.map(examineName));
}

async function examineName(name: string): Promise<Finding> {
  const check = `name ${name}`;
  try {
    const { address } = await lookup(name);
    return ok(check, address);
  } catch {
    const advice = name.endsWith('.localhost')
      ? `use path-style addressing, or add "127.0.0.1 ${name}" to /etc/hosts (libnss-myhostname resolves all of *.localhost)`
      : 'add it, and *.<domain>, to the DNS, or use path-style addressing';
    return warn(check, 'does not resolve on this machine', advice);
  }
}
