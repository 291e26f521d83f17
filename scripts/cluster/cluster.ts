// `npm run cluster [-- --gateways N]`: a whole vStorage deployment as throw-away processes on loopback, until Ctrl+C:
// PostgreSQL with a synchronous standby, Ceph with three OSDs and three replicas, gateways, HAProxy. For trying out, not
// for data: everything is in temporary folders.
import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { root } from '../run.ts';
import { startCeph } from './ceph.ts';
import type { Daemon } from './daemon.ts';
import { freePort, startDaemon, untilReady } from './daemon.ts';
import { type Backend, startBalancer } from './haproxy.ts';
import { type PostgresServer, startPostgres } from './postgres.ts';

const { values } = parseArgs({ options: { gateways: { type: 'string', default: '2' } } });
const gatewayCount = Number(values.gateways);
if (!Number.isInteger(gatewayCount) || gatewayCount < 1 || gatewayCount > 16) {
  throw new Error('--gateways must be a whole number from 1 to 16');
}
const START_TIMEOUT_MS = 60_000;
const POOL = 'vstorage';

await using opened = new AsyncDisposableStack();
const folder = await mkdtemp(join(tmpdir(), 'vstorage-cluster-'));
opened.defer(() => rm(folder, { recursive: true, force: true, maxRetries: 5, retryDelay: 200 }));

say('PostgreSQL, primary and standby …');
const primary = opened.use(await startPostgres());
const standby = opened.use(await startPostgres({ standbyOf: primary }));
// From here a commit is acknowledged when both have it.
await primary.execute("ALTER SYSTEM SET synchronous_standby_names = '*'");
await primary.execute('SELECT pg_reload_conf()');
say('Ceph, three OSDs …');
const ceph = opened.use(await startCeph({ osds: 3, replicas: 3 }));
await ceph.makePool(POOL);
const environment = await gatewayEnvironment([primary, standby]);
const backends: Backend[] = [];
for (let number = 1; number <= gatewayCount; number++) {
  say(`gateway ${number} of ${gatewayCount} …`);
  backends.push(await startGateway(number));
}
const balancer = opened.use(await startBalancer(folder, backends));
say(`
ready
  S3        https://localhost:${balancer.s3Port}
  console   https://localhost:${balancer.consolePort}   root@vstorage.localhost, password in ${folder}/root-password
  CA        ${folder}/gateway1/tls/ca.pem
  metadata  ${(environment['VSTORAGE_METADATA'] ?? '').replace(/\?.*/, '')}
  blobs     ${environment['VSTORAGE_BLOBS']}
  gateways  ${backends.map(({ s3Port }) => `https://localhost:${s3Port}`).join(' ')}
Ctrl+C ends and removes everything.`);
await Promise.race([once(process, 'SIGINT'), once(process, 'SIGTERM')]);
say('ending …');

function say(text: string): void {
  process.stdout.write(`${text}\n`);
}

async function gatewayEnvironment(servers: readonly PostgresServer[]): Promise<NodeJS.ProcessEnv> {
  const secret = (name: string, text: string): Promise<void> => writeFile(join(folder, name), text, { mode: 0o600 });
  await secret('database-password', primary.password);
  await secret('root-password', randomBytes(12).toString('base64url'));
  const hosts = servers.map(({ port }) => `127.0.0.1:${port}`).join(',');
  return {
    ...process.env,
    VSTORAGE_METADATA: `postgres://vstorage@${hosts}/postgres?passfile=${join(folder, 'database-password')}`,
    VSTORAGE_BLOBS: `rados://${POOL}?conf=${ceph.confFile}&id=admin`,
    VSTORAGE_MASTER_KEY_FILE: join(folder, 'master.key'),
    VSTORAGE_ROOT_PASSWORD_FILE: join(folder, 'root-password'),
    VSTORAGE_WORKERS: '1',
  };
}

/** All show the first one's certificate: to clients they are one server. */
async function startGateway(number: number): Promise<Backend> {
  const [s3Port, consolePort] = [await freePort(), await freePort()];
  const dataDir = join(folder, `gateway${number}`);
  await mkdir(dataDir);
  const logFile = join(dataDir, 'log');
  const listen = ['--s3-listen', `127.0.0.1:${s3Port}`, '--console-listen', `127.0.0.1:${consolePort}`];
  const tls = join(folder, 'gateway1', 'tls');
  const shared = number === 1 ? [] : ['--tls-cert', join(tls, 'server.pem'), '--tls-key', join(tls, 'server-key.pem')];
  const daemon: Daemon = opened.use(
    await startDaemon({
      command: process.execPath,
      args: [join(root, 'bin', 'vstorage.js'), 'serve', '--data-dir', dataDir, ...listen, ...shared],
      logFile,
      endSignal: 'TERM',
      env: environment,
    }),
  );
  const isReady = async (): Promise<boolean> =>
    (await readFile(logFile, 'utf8').catch(() => '')).includes('vstorage ready');
  await untilReady({ name: `gateway ${number}`, daemon, logFile, timeoutMs: START_TIMEOUT_MS }, isReady);
  return { s3Port, consolePort };
}
