// vStorage on PostgreSQL and RADOS against the RADOS Gateway of the same cluster: the same load in turn, over TLS.
import { join } from 'node:path';
import { fillBucket } from '../fill.ts';
import { ask, sendAll } from '../load/send.ts';
import type { BodyFiles } from '../table/body-files.ts';
import { type Case, KIB, LARGE_BYTES } from '../table/cases.ts';
import { LIST_BUCKET, LIST_OBJECTS, listKey } from '../table/listing.ts';
import { type Measured, measureTable } from '../table/measure.ts';
import { BUCKET, makePools } from '../table/objects.ts';
import { startBenchCeph, startGatewayOn } from '../targets/radosgw.ts';
import type { BenchTarget } from '../targets/target.ts';
import { openStoresOf } from '../targets/vstorage.ts';
import { startEngines, startOnEngines } from './engines.ts';
import { keepSharingPriority } from './priority.ts';

/** How many times the gateway's throughput is wanted. */
export type Wanted = Case & { readonly times: number };

export const WANTED: readonly Wanted[] = [
  { operation: 'PUT', sizeBytes: 4 * KIB, concurrency: 64, times: 4 },
  { operation: 'GET', sizeBytes: 4 * KIB, concurrency: 64, times: 4 },
  { operation: 'PUT', sizeBytes: 64 * KIB, concurrency: 64, times: 1.5 },
  { operation: 'GET', sizeBytes: 64 * KIB, concurrency: 64, times: 1.5 },
  { operation: 'PUT', sizeBytes: LARGE_BYTES, concurrency: 4, times: 1.3 },
  { operation: 'GET', sizeBytes: LARGE_BYTES, concurrency: 4, times: 1.3 },
  { operation: 'LIST', sizeBytes: 0, concurrency: 16, times: 1.2 },
];

export type AgainstOptions = {
  readonly workers: number;
  readonly cases: readonly Case[];
  readonly rounds: number;
  readonly seconds: number;
  /** false: vStorage alone */
  readonly peer: boolean;
  readonly bodies: BodyFiles;
  readonly say: (line: string) => void;
};

export async function measureAgainstRadosGateway(options: AgainstOptions): Promise<Measured[]> {
  const { workers, cases, bodies, say } = options;
  const lists = cases.some(({ operation }) => operation === 'LIST');
  using _priority = keepSharingPriority();
  await using ceph = await startBenchCeph();
  await using engines = await startEngines(ceph);
  await using subject = await startOnEngines(engines.settings, {
    workers,
    // The gateway encrypts nothing by itself either.
    args: ['--bucket-defaults', 'legacy'],
  });
  await using peer = options.peer ? await startGatewayOn(ceph, certificateOf(subject.server.dataDir)) : null;
  const targets: BenchTarget[] = [subject, ...(peer === null ? [] : [peer])];
  for (const target of targets) {
    say(`filling ${target.name}`);
    for (const bucket of [BUCKET, LIST_BUCKET]) await ask(target, 'PUT', `/${bucket}`);
    const read = cases.filter(({ operation }) => operation === 'GET').map(({ sizeBytes }) => sizeBytes);
    await makePools(target, bodies, [...new Set(read)]);
  }
  if (lists) {
    await using stores = await openStoresOf(subject.server, engines.settings);
    const keys = Array.from({ length: LIST_OBJECTS }, (_, index) => listKey(index));
    const body = Buffer.alloc(64, 'x');
    await fillBucket(stores.storage, { bucket: LIST_BUCKET, keys, body });
    const calls = peer === null ? [] : keys.map((key) => peer.call('PUT', `/${LIST_BUCKET}/${key}`));
    if (peer !== null) await sendAll(peer.origin, calls, body);
  }
  say(`measuring, process ${process.pid}`);
  return await measureTable(targets, cases, { ...options, commits: false });
}

const certificateOf = (dataDir: string): { certFile: string; keyFile: string } => ({
  certFile: join(dataDir, 'tls', 'server.pem'),
  keyFile: join(dataDir, 'tls', 'server-key.pem'),
});
