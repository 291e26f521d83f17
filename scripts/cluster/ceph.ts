// A throw-away Ceph on loopback, in a temporary folder: a monitor, a manager, and OSDs on sparse files. Debian packages
// ceph-mon, ceph-mgr, ceph-osd; no systemd; as root or as anybody.
import { execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { randomUUID } from 'node:crypto';
import { appendFile, mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir, userInfo } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { promisify } from 'node:util';
import type { Daemon } from './daemon.ts';
import { freePort, startDaemon, untilReady } from './daemon.ts';

export type Ceph = AsyncDisposable & {
  readonly folder: string;
  /** ceph.conf of its clients; it names the keyring of client.admin */
  readonly confFile: string;
  /** what `ceph ARGS` prints */
  readonly ceph: (...args: readonly string[]) => Promise<string>;
  readonly makePool: (name: string) => Promise<void>;
  /** Pauses the process of everything: for clients the cluster is unreachable, not gone. */
  readonly freeze: () => void;
  readonly thaw: () => void;
  /** kill -9 of OSD `id` */
  readonly killOsd: (id: number) => Promise<void>;
  readonly startOsd: (id: number) => Promise<void>;
};

export type CephOptions = {
  readonly osds?: number;
  /** copies of everything; default: one */
  readonly replicas?: number;
  /** of each OSD's sparse file */
  readonly osdBytes?: number;
};

type Node = { readonly folder: string; readonly confFile: string };

const GIB = 2 ** 30;
const START_TIMEOUT_MS = 90_000;
const ME = userInfo().username;
const AS_ME = ['-f', '--setuser', ME, '--setgroup', ME];

export async function startCeph(options: CephOptions = {}): Promise<Ceph> {
  await using opened = new AsyncDisposableStack();
  const folder = await mkdtemp(join(tmpdir(), 'vstorage-ceph-'));
  opened.defer(() => rm(folder, { recursive: true, force: true, maxRetries: 5, retryDelay: 200 }));
  const node = { folder, confFile: join(folder, 'ceph.conf') };
  const osds = options.osds ?? 1;
  const fsid = randomUUID();
  const monAddress = `v2:127.0.0.1:${await freePort()}`;
  for (const name of ['run', 'log', 'mon', 'mgr']) await mkdir(join(folder, name));
  await writeFile(node.confFile, configuration(folder, fsid, monAddress, options));
  const mon = opened.use(await startMonitor(node, fsid, monAddress));
  const ceph = (...args: readonly string[]): Promise<string> => runCeph(node, args);
  const mgr = opened.use(await startManager(node));
  const daemons = new Map<number, Daemon>();
  opened.defer(async () => {
    await Promise.all([...daemons.values()].map((daemon) => daemon.end('SIGTERM')));
  });
  const startOsd = async (id: number): Promise<void> => {
    daemons.set(id, await startDaemonOf(node, 'ceph-osd', ['-i', String(id)]));
  };
  for (let id = 0; id < osds; id++) {
    await makeOsd(node, id);
    await startOsd(id);
  }
  await untilUp(node, osds);
  const all = (): Daemon[] => [mon, mgr, ...daemons.values()];
  const signalAll = (signal: NodeJS.Signals): void => {
    for (const daemon of all()) if (daemon.isRunning()) process.kill(daemon.pid, signal);
  };
  const resources = opened.move();
  return {
    ...node,
    ceph,
    makePool: async (name) => {
      await ceph('osd', 'pool', 'create', name, '8', '8', 'replicated');
      await ceph('osd', 'pool', 'application', 'enable', name, 'vstorage');
    },
    freeze: () => signalAll('SIGSTOP'),
    thaw: () => signalAll('SIGCONT'),
    killOsd: async (id) => daemons.get(id)?.end('SIGKILL'),
    startOsd,
    [Symbol.asyncDispose]: async () => {
      signalAll('SIGCONT');
      await resources.disposeAsync();
    },
  };
}

function configuration(folder: string, fsid: string, monAddress: string, options: CephOptions): string {
  const replicas = options.replicas ?? 1;
  return `[global]
fsid = ${fsid}
mon initial members = a
mon host = [${monAddress}]
public addr = 127.0.0.1
public network = 127.0.0.0/8
cluster network = 127.0.0.0/8
auth cluster required = cephx
auth service required = cephx
auth client required = cephx
keyring = ${folder}/keyring
run dir = ${folder}/run
admin socket = ${folder}/run/$cluster-$name.$pid.asok
log file = ${folder}/log/$name.log
pid file =
crash dir = ${folder}/log
mon cluster log file = ${folder}/log/cluster.log
osd pool default size = ${replicas}
osd pool default min size = ${Math.max(1, replicas - 1)}
osd pool default pg autoscale mode = off
osd crush chooseleaf type = 0
mon allow pool size one = true
mon allow pool delete = true
mon max pg per osd = 1000
mon warn on pool no redundancy = false
auth allow insecure global id reclaim = false
[mon]
mon data = ${folder}/mon
mon data avail warn = 2
mon data avail crit = 1
[mgr]
mgr data = ${folder}/mgr
mgr initial modules =
[osd]
osd data = ${folder}/osd.$id
keyring = ${folder}/osd.$id/keyring
osd objectstore = bluestore
bluestore block create = true
bluestore block size = ${options.osdBytes ?? 8 * GIB}
bluestore block db path =
bluestore block wal path =
osd memory target = ${GIB}
osd scrub load threshold = 1000
`;
}

async function startMonitor(node: Node, fsid: string, address: string): Promise<Daemon> {
  const keyring = join(node.folder, 'keyring');
  const map = join(node.folder, 'monmap');
  const admin = ['mon', 'osd', 'mgr', 'mds'].flatMap((service) => ['--cap', service, 'allow *']);
  await program('ceph-authtool', ['--create-keyring', keyring, '--gen-key', '-n', 'mon.', '--cap', 'mon', 'allow *']);
  await program('ceph-authtool', [keyring, '--gen-key', '-n', 'client.admin', ...admin]);
  await program('ceph-authtool', [
    keyring,
    '--gen-key',
    '-n',
    'mgr.x',
    '--cap',
    'mon',
    'allow profile mgr',
    '--cap',
    'osd',
    'allow *',
  ]);
  await program('monmaptool', ['--create', '--clobber', '--fsid', fsid, '--addv', 'a', `[${address}]`, map]);
  const make = ['--conf', node.confFile, '--mkfs', '-i', 'a', '--monmap', map, '--keyring', keyring];
  await program('ceph-mon', [...make, '--setuser', ME, '--setgroup', ME]);
  const daemon = await startDaemonOf(node, 'ceph-mon', ['-i', 'a']);
  const logFile = join(node.folder, 'log', 'ceph-mon.out');
  await untilReady({ name: 'ceph-mon', daemon, logFile, timeoutMs: START_TIMEOUT_MS }, () =>
    runCeph(node, ['mon', 'stat']).then(
      () => true,
      () => false,
    ),
  );
  return daemon;
}

async function startManager(node: Node): Promise<Daemon> {
  return startDaemonOf(node, 'ceph-mgr', ['-i', 'x', '--keyring', join(node.folder, 'keyring')]);
}

async function makeOsd(node: Node, id: number): Promise<void> {
  const folder = join(node.folder, `osd.${id}`);
  await mkdir(folder);
  const uuid = randomUUID();
  const secret = (await program('ceph-authtool', ['--gen-print-key'])).trim();
  const made = await runCeph(node, ['osd', 'new', uuid, '-i', '-'], JSON.stringify({ cephx_secret: secret }));
  if (Number(made) !== id) throw new Error(`OSD ${made.trim()} was made instead of ${id}`);
  await program('ceph-authtool', [
    '--create-keyring',
    join(folder, 'keyring'),
    '--name',
    `osd.${id}`,
    '--add-key',
    secret,
  ]);
  const make = ['--conf', node.confFile, '-i', String(id), '--mkfs', '--osd-uuid', uuid];
  await program('ceph-osd', [...make, '--setuser', ME, '--setgroup', ME]);
}

async function untilUp(node: Node, osds: number): Promise<void> {
  const deadlineMs = performance.now() + START_TIMEOUT_MS;
  for (;;) {
    const { num_up_osds: up } = JSON.parse(await runCeph(node, ['osd', 'stat', '-f', 'json'])) as {
      num_up_osds: number;
    };
    if (up === osds) return;
    if (performance.now() > deadlineMs) throw new Error(`only ${up} of ${osds} OSDs came up, see ${node.folder}/log`);
    await sleep(200);
  }
}

function startDaemonOf(node: Node, command: string, args: readonly string[]): Promise<Daemon> {
  const logFile = join(node.folder, 'log', `${command}.out`);
  return startDaemon({
    command,
    args: ['--conf', node.confFile, ...args, ...AS_ME],
    logFile,
    endSignal: 'TERM',
  });
}

async function program(command: string, args: readonly string[]): Promise<string> {
  const { stdout } = await promisify(execFile)(command, [...args]);
  return stdout;
}

async function runCeph(node: Node, args: readonly string[], input = ''): Promise<string> {
  const child = spawn('ceph', ['--conf', node.confFile, '--connect-timeout', '10', ...args]);
  let stdout = '';
  let stderr = '';
  child.stdout.setEncoding('utf8').on('data', (text: string) => (stdout += text));
  child.stderr.setEncoding('utf8').on('data', (text: string) => (stderr += text));
  child.stdin.end(input);
  const [code] = (await once(child, 'close')) as [number | null];
  if (code === 0) return stdout;
  await appendFile(join(node.folder, 'log', 'commands.out'), stderr);
  throw new Error(`ceph ${args.join(' ')}: ${stderr.trim()}`);
}
