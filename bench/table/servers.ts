// Every server of the table, started and filled.
import { tryCommand } from '../../test/support/run-command.ts';
import { fillBucket } from '../fill.ts';
import { ask, sendAll } from '../load/send.ts';
import { startBare } from '../targets/bare.ts';
import { type Elsewhere, openElsewhere } from '../targets/elsewhere.ts';
import { startNginx } from '../targets/nginx.ts';
import { hasRadosGateway, startRadosGateway } from '../targets/radosgw.ts';
import type { BenchTarget } from '../targets/target.ts';
import { certificateOf, openStoresOf, startVStorage, type VStorage } from '../targets/vstorage.ts';
import type { BodyFiles } from './body-files.ts';
import { type Case, KIB, LARGE_BYTES, MIB, MIX_BYTES } from './cases.ts';
import { LIST_BUCKET, LIST_OBJECTS, LIST_OBJECTS_OF_PEERS, listKey } from './listing.ts';
import { BUCKET, makePools } from './objects.ts';

export type ServerOptions = {
  readonly workers: number;
  readonly cases: readonly Case[];
  readonly bodies: BodyFiles;
  /** peers on this machine are started too */
  readonly peers: boolean;
  readonly elsewhere: Elsewhere | null;
  readonly say: (line: string) => void;
};

const READ = new Set<Case['operation']>(['GET', 'HEAD', 'RANGE', 'MIX']);
const STREAMED = [MIB, MIX_BYTES, LARGE_BYTES];

export async function startServers(owner: AsyncDisposableStack, options: ServerOptions): Promise<BenchTarget[]> {
  const { workers, say } = options;
  const subject = owner.use(await startVStorage({ workers, quota: '1TiB' }));
  const certificate = certificateOf(subject);
  const peers: BenchTarget[] = [];
  if (options.elsewhere !== null) peers.push(owner.use(await openElsewhere(options.elsewhere)));
  if (options.peers && hasRadosGateway()) {
    say("starting Ceph's RADOS Gateway");
    peers.push(owner.use(await startRadosGateway(certificate)));
  }
  for (const target of [subject, ...peers]) {
    say(`filling ${target.name}`);
    await fill(target, target === subject ? subject : null, options);
  }
  const list = options.cases.some(({ operation }) => operation === 'LIST')
    ? Buffer.from(await ask(subject, 'GET', `/${LIST_BUCKET}`, 'list-type=2'))
    : null;
  const bare = { ...certificate, workers, streamed: STREAMED, list };
  return [
    subject,
    owner.use(await startBare({ ...bare, hashing: 'thread' })),
    owner.use(await startBare({ ...bare, hashing: 'event loop' })),
    ...((await hasNginx())
      ? [owner.use(await startNginx({ ...certificate, workers, sizes: [4 * KIB, 64 * KIB, ...STREAMED] }))]
      : []),
    ...peers,
  ];
}

async function fill(target: BenchTarget, own: VStorage | null, { cases, bodies }: ServerOptions): Promise<void> {
  for (const bucket of [BUCKET, LIST_BUCKET]) await ask(target, 'PUT', `/${bucket}`);
  const sizes = new Set(cases.filter(({ operation }) => READ.has(operation)).map(({ sizeBytes }) => sizeBytes));
  await makePools(target, bodies, [...sizes]);
  if (!cases.some(({ operation }) => operation === 'LIST')) return;
  const count = own === null ? LIST_OBJECTS_OF_PEERS : LIST_OBJECTS;
  const keys = Array.from({ length: count }, (_, index) => listKey(index));
  if (own === null) {
    const calls = keys.map((key) => target.call('PUT', `/${LIST_BUCKET}/${key}`));
    return await sendAll(target.origin, calls, Buffer.alloc(64, 'x'));
  }
  await using stores = await openStoresOf(own.server);
  await fillBucket(stores.storage, { bucket: LIST_BUCKET, keys, body: Buffer.alloc(64, 'x') });
}

async function hasNginx(): Promise<boolean> {
  return (await tryCommand('nginx', ['-v']).catch(() => ({ code: 1 }))).code === 0;
}
