// A whole vStorage deployment as throw-away processes on loopback: PostgreSQL with a synchronous standby that takes over,
// Ceph with three OSDs and three replicas, gateways, HAProxy. For trying out and for tests, not for data.
import { randomBytes } from 'node:crypto';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Ceph, startCeph } from './ceph.ts';
import { type DatabasePair, startDatabasePair } from './database-pair.ts';
import { type Gateway, startGateway } from './gateway.ts';
import { type Balancer, startBalancer } from './haproxy.ts';

export type Deployment = AsyncDisposable & {
  readonly folder: string;
  readonly database: DatabasePair;
  readonly ceph: Ceph;
  readonly gateways: readonly Gateway[];
  readonly balancer: Balancer;
  /** what gateways and commands on the same stores are started with */
  readonly environment: NodeJS.ProcessEnv;
  readonly caFile: string;
  readonly rootPassword: string;
};

export type DeploymentOptions = {
  readonly gateways: number;
  /** further options of `serve` */
  readonly args?: readonly string[];
  /** of each OSD's sparse file */
  readonly osdBytes?: number;
  readonly say?: (text: string) => void;
};

const POOL = 'vstorage';
const OSDS = 3;

export async function startDeployment(options: DeploymentOptions): Promise<Deployment> {
  const { say = () => undefined } = options;
  await using opened = new AsyncDisposableStack();
  const folder = await mkdtemp(join(tmpdir(), 'vstorage-cluster-'));
  opened.defer(() => rm(folder, { recursive: true, force: true, maxRetries: 5, retryDelay: 200 }));
  say('PostgreSQL, primary and standby …');
  const database = opened.use(await startDatabasePair());
  say('Ceph, three OSDs …');
  const { osdBytes } = options;
  const ceph = opened.use(
    await startCeph({ osds: OSDS, replicas: OSDS, ...(osdBytes === undefined ? {} : { osdBytes }) }),
  );
  await ceph.makePool(POOL);
  const rootPassword = randomBytes(12).toString('base64url');
  const environment = await writeEnvironment(folder, { database, ceph, rootPassword });
  const gateways: Gateway[] = [];
  for (let number = 1; number <= options.gateways; number++) {
    say(`gateway ${number} of ${options.gateways} …`);
    gateways.push(opened.use(await startGateway({ folder, number, environment, args: options.args ?? [] })));
  }
  const balancer = opened.use(await startBalancer(folder, gateways));
  const resources = opened.move();
  return {
    folder,
    database,
    ceph,
    gateways,
    balancer,
    environment,
    caFile: join(folder, 'gateway1', 'tls', 'ca.pem'),
    rootPassword,
    [Symbol.asyncDispose]: () => resources.disposeAsync(),
  };
}

type Parts = { readonly database: DatabasePair; readonly ceph: Ceph; readonly rootPassword: string };

async function writeEnvironment(folder: string, { database, ceph, rootPassword }: Parts): Promise<NodeJS.ProcessEnv> {
  const secret = (name: string, text: string): Promise<void> => writeFile(join(folder, name), text, { mode: 0o600 });
  await secret('database-password', database.password);
  await secret('root-password', rootPassword);
  const hosts = database.ports.map((port) => `127.0.0.1:${port}`).join(',');
  return {
    ...process.env,
    VSTORAGE_METADATA: `postgres://vstorage@${hosts}/postgres?passfile=${join(folder, 'database-password')}`,
    VSTORAGE_BLOBS: `rados://${POOL}?conf=${ceph.confFile}&id=admin`,
    VSTORAGE_MASTER_KEY_FILE: join(folder, 'master.key'),
    VSTORAGE_ROOT_PASSWORD_FILE: join(folder, 'root-password'),
    VSTORAGE_WORKERS: '1',
  };
}
