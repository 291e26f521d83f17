// Ceph's RADOS Gateway from Debian's packages, on a Ceph of its own that goes when the bench ends: one monitor, one
// manager, one OSD on a file, the gateway with TLS. As small as a Ceph can be, and its writes are durable too.
import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { randomBytes, randomUUID } from 'node:crypto';
import { existsSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { freePort, startDaemon } from '../../scripts/cluster/daemon.ts';
import { runCommand, tryCommand } from '../../test/support/run-command.ts';
import { presign } from '../load/presign.ts';
import type { Certificate } from './bare.ts';
import type { BenchTarget } from './target.ts';

/** What is deleted stays for hours. */
const OSD_BYTES = 32 * 1024 ** 3;
const MEMORY_BYTES = 2 * 1024 ** 3;
const READY_MS = 90_000;

export const RADOS_GATEWAY = "Ceph's RADOS Gateway";

export const hasRadosGateway = (): boolean =>
  ['/usr/bin/radosgw', '/usr/bin/ceph-mon', '/usr/bin/ceph-osd', '/usr/bin/ceph-mgr'].every((path) => existsSync(path));

type Cluster = { readonly folder: string; readonly conf: string; readonly port: number };

/** The cluster alone; `conf` names client.admin's keyring. */
export type BenchCeph = AsyncDisposable &
  Cluster & { readonly pids: readonly number[]; readonly makePool: (name: string) => Promise<void> };

export async function startRadosGateway(certificate: Certificate): Promise<BenchTarget> {
  await using started = new AsyncDisposableStack();
  const gateway = started.use(await startGatewayOn(started.use(await startBenchCeph()), certificate));
  const resources = started.move();
  return { ...gateway, [Symbol.asyncDispose]: () => resources.disposeAsync() };
}

export async function startBenchCeph(): Promise<BenchCeph> {
  await using started = new AsyncDisposableStack();
  const cluster = await makeCluster(started);
  const pids = [
    await startMonitor(started, cluster),
    await startManager(started, cluster),
    await startOsd(started, cluster),
  ];
  const resources = started.move();
  return {
    ...cluster,
    pids,
    makePool: async (name) => {
      await ceph(cluster, 'osd', 'pool', 'create', name, '8', '8', 'replicated');
      await ceph(cluster, 'osd', 'pool', 'application', 'enable', name, 'vstorage');
    },
    [Symbol.asyncDispose]: () => resources.disposeAsync(),
  };
}

/** It ends before the cluster does. */
export async function startGatewayOn(cluster: BenchCeph, certificate: Certificate): Promise<BenchTarget> {
  await using started = new AsyncDisposableStack();
  await writeBundle(cluster, certificate);
  const pid = await startGateway(started, cluster);
  const credentials = { accessKey: randomBytes(10).toString('hex'), secretKey: randomBytes(20).toString('hex') };
  await makeUser(cluster, credentials);
  const origin = `https://localhost:${cluster.port}`;
  await until('the gateway', () => tryCommand('curl', ['-sfk', '-o', '/dev/null', `${origin}/`]));
  const resources = started.move();
  const endpoint = { origin, credentials: { ...credentials, region: 'us-east-1' } };
  return {
    name: RADOS_GATEWAY,
    kind: 'peer',
    origin,
    pids: [...cluster.pids, pid],
    call: (method, path, query) => presign(endpoint, method, path, query),
    [Symbol.asyncDispose]: () => resources.disposeAsync(),
  };
}

async function makeCluster(owner: AsyncDisposableStack): Promise<Cluster> {
  const folder = await mkdtemp(join(tmpdir(), 'vstorage-bench-ceph-'));
  owner.defer(() => rm(folder, { recursive: true, force: true, maxRetries: 5 }));
  const [port, v2, v1] = [await freePort(), await freePort(), await freePort()];
  for (const name of ['run', 'log', 'mon.a', 'mgr.x', 'osd.0']) await mkdir(join(folder, name));
  const conf = join(folder, 'ceph.conf');
  await writeFile(conf, configuration({ folder, bundle: bundleOf({ folder }), port, v1, v2 }));
  return { folder, conf, port };
}

const bundleOf = ({ folder }: Pick<Cluster, 'folder'>): string => join(folder, 'tls.pem');

async function writeBundle(cluster: Cluster, { certFile, keyFile }: Certificate): Promise<void> {
  const bundle = `${await readFile(certFile, 'utf8')}\n${await readFile(keyFile, 'utf8')}`;
  await writeFile(bundleOf(cluster), bundle, { mode: 0o600 });
}

type Places = {
  readonly folder: string;
  readonly bundle: string;
  readonly port: number;
  readonly v1: number;
  readonly v2: number;
};

function configuration({ folder, bundle, port, v1, v2 }: Places): string {
  return `
[global]
fsid = ${randomUUID()}
mon initial members = a
mon host = [v2:127.0.0.1:${v2},v1:127.0.0.1:${v1}]
public addr = 127.0.0.1
auth cluster required = cephx
auth service required = cephx
auth client required = cephx
auth allow insecure global id reclaim = false
keyring = ${folder}/keyring
run dir = ${folder}/run
admin socket = ${folder}/run/$cluster-$name.asok
log file = ${folder}/log/$name.log
mon cluster log file = ${folder}/log/cluster.log
crash dir = ${folder}/log
osd pool default size = 1
osd pool default min size = 1
osd pool default pg num = 8
osd pool default pg autoscale mode = off
osd crush chooseleaf type = 0
mon allow pool size one = true
mon max pg per osd = 1000
[mon]
mon data = ${folder}/mon.$id
[mgr]
mgr data = ${folder}/mgr.$id
mgr initial modules =
[osd]
osd data = ${folder}/osd.$id
keyring = ${folder}/osd.$id/keyring
osd objectstore = bluestore
bluestore block size = ${OSD_BYTES}
bluestore block create = true
osd memory target = ${MEMORY_BYTES}
[client.rgw.a]
keyring = ${folder}/keyring.rgw
rgw frontends = beast tcp_nodelay=1 ssl_endpoint=127.0.0.1:${port} ssl_certificate=${bundle}
rgw thread pool size = 64
rgw crypt require ssl = false
`;
}

const ceph = ({ conf }: Cluster, ...args: readonly string[]): Promise<string> =>
  runCommand('ceph', ['--conf', conf, '--connect-timeout', '20', ...args], { timeoutMs: 60_000 });

const AS_ROOT = ['--setuser', 'root', '--setgroup', 'root'];

async function startMonitor(owner: AsyncDisposableStack, cluster: Cluster): Promise<number> {
  const { folder, conf } = cluster;
  const [keyring, map] = [join(folder, 'keyring'), join(folder, 'monmap')];
  const authtool = (...args: readonly string[]): Promise<string> => runCommand('ceph-authtool', args);
  await authtool('--create-keyring', keyring, '--gen-key', '-n', 'mon.', '--cap', 'mon', 'allow *');
  const caps = ['mon', 'osd', 'mgr'].flatMap((name) => ['--cap', name, 'allow *']);
  await authtool(keyring, '--gen-key', '-n', 'client.admin', ...caps);
  const [, fsid = ''] = /^fsid = (.*)$/m.exec(await readFile(conf, 'utf8')) ?? [];
  const [, host = ''] = /^mon host = (.*)$/m.exec(await readFile(conf, 'utf8')) ?? [];
  await runCommand('monmaptool', ['--create', '--clobber', '--fsid', fsid, '--addv', 'a', host, map]);
  const made = ['--mkfs', '-i', 'a', '--monmap', map, '--keyring', keyring, '--conf', conf, ...AS_ROOT];
  await runCommand('ceph-mon', made);
  const pid = await start(owner, cluster, 'ceph-mon', '-i', 'a');
  await until('the monitor', () => tryCommand('ceph', ['--conf', conf, '--connect-timeout', '5', '-s']));
  return pid;
}

async function startManager(owner: AsyncDisposableStack, cluster: Cluster): Promise<number> {
  const caps = ['mon', 'allow profile mgr', 'osd', 'allow *', 'mds', 'allow *'];
  const keyring = join(cluster.folder, 'mgr.x', 'keyring');
  await writeFile(keyring, await ceph(cluster, 'auth', 'get-or-create', 'mgr.x', ...caps));
  return await start(owner, cluster, 'ceph-mgr', '-i', 'x', '--keyring', keyring);
}

async function startOsd(owner: AsyncDisposableStack, cluster: Cluster): Promise<number> {
  const { folder, conf } = cluster;
  const uuid = randomUUID();
  const secret = (await runCommand('ceph-authtool', ['--gen-print-key'])).trim();
  const secretFile = join(folder, 'osd.0', 'secret.json');
  await writeFile(secretFile, JSON.stringify({ cephx_secret: secret }), { mode: 0o600 });
  await ceph(cluster, 'osd', 'new', uuid, '-i', secretFile);
  const keyring = join(folder, 'osd.0', 'keyring');
  await runCommand('ceph-authtool', ['--create-keyring', keyring, '--name', 'osd.0', '--add-key', secret]);
  await runCommand('ceph-osd', ['-i', '0', '--mkfs', '--osd-uuid', uuid, '--conf', conf, ...AS_ROOT]);
  const pid = await start(owner, cluster, 'ceph-osd', '-i', '0');
  const isUp = async (): Promise<{ code: number | null }> => {
    const { stdout } = await tryCommand('ceph', ['--conf', conf, 'osd', 'stat', '-f', 'json']);
    return { code: /"num_up_osds":1\b/.test(stdout) ? 0 : 1 };
  };
  await until('the OSD', isUp);
  for (const flag of ['noscrub', 'nodeep-scrub']) await ceph(cluster, 'osd', 'set', flag);
  return pid;
}

async function startGateway(owner: AsyncDisposableStack, cluster: Cluster): Promise<number> {
  const caps = ['mon', 'allow rw', 'osd', 'allow rwx', 'mgr', 'allow rw'];
  const keyring = await ceph(cluster, 'auth', 'get-or-create', 'client.rgw.a', ...caps);
  await writeFile(join(cluster.folder, 'keyring.rgw'), keyring);
  return await start(owner, cluster, 'radosgw', '-n', 'client.rgw.a');
}

async function makeUser({ conf }: Cluster, { accessKey, secretKey }: { accessKey: string; secretKey: string }) {
  const args = ['-n', 'client.rgw.a', '--conf', conf, '--admin-socket=', 'user', 'create', '--uid', 'bench'];
  const more = ['--display-name', 'bench', '--access-key', accessKey, '--secret', secretKey];
  await runCommand('radosgw-admin', [...args, ...more]);
}

/** In the foreground; whether it works is asked of the cluster. */
async function start(
  owner: AsyncDisposableStack,
  { folder, conf }: Cluster,
  command: string,
  ...args: readonly string[]
): Promise<number> {
  const logFile = join(folder, 'log', `${command}.out`);
  const all = [...args, '--conf', conf, '-f', ...AS_ROOT];
  return owner.use(await startDaemon({ command, args: all, logFile, endSignal: 'TERM' })).pid;
}

async function until(what: string, attempt: () => Promise<{ readonly code: number | null }>): Promise<void> {
  const endMs = performance.now() + READY_MS;
  while ((await attempt()).code !== 0) {
    if (performance.now() > endMs) throw new Error(`${what} did not get ready`);
    await sleep(500);
  }
}
