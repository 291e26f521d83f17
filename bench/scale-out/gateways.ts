// One, two and three gateways on the same engines, each with as many clients that think between requests. Their number is
// such that no core is busy all the time: what the gateways then wait for is each other, if anything.
import { join } from 'node:path';
import { cpuSecondsOf, processTree } from '../load/process-use.ts';
import { percentile } from '../load/result.ts';
import { ask } from '../load/send.ts';
import { startBenchCeph } from '../targets/radosgw.ts';
import type { VStorage } from '../targets/vstorage.ts';
import { startEngines, startOnEngines } from './engines.ts';
import { keepSharingPriority } from './priority.ts';
import { BUCKET, fillForClients, runClient, type Sent } from './thinking-client.ts';

export type GatewayOptions = {
  readonly gateways: number;
  readonly clientsEach: number;
  readonly thinkMs: number;
  readonly seconds: number;
  readonly rounds: number;
  readonly say: (line: string) => void;
};

export type GatewayFigures = {
  readonly gateways: number;
  readonly clients: number;
  readonly requests: number;
  readonly failed: number;
  readonly perSecond: number;
  readonly medianMs: number;
  readonly p99Ms: number;
  readonly gatewayCpuMsPerRequest: number;
  readonly transactionsPerRequest: number;
  /** serialization failures and other undone transactions */
  readonly rollbacksPer1000: number;
};

export async function measureGateways(options: GatewayOptions): Promise<GatewayFigures[]> {
  const { say } = options;
  using _priority = keepSharingPriority();
  await using ceph = await startBenchCeph();
  await using engines = await startEngines(ceph);
  await using owner = new AsyncDisposableStack();
  const first = owner.use(await startOnEngines(engines.settings, { workers: 1 }));
  const masterKeyFile = join(first.server.dataDir, 'master.key');
  const all = [first];
  while (all.length < options.gateways) {
    all.push(owner.use(await startOnEngines(engines.settings, { workers: 1, masterKeyFile })));
  }
  await ask(first, 'PUT', `/${BUCKET}`);
  await fillForClients(first);
  say(`measuring, process ${process.pid}`);
  const figures: GatewayFigures[] = [];
  for (let round = 0; round < options.rounds; round++) {
    for (let count = 1; count <= all.length; count++) {
      const found = await measure(all.slice(0, count), engines.execute, options);
      say(JSON.stringify(found));
      figures.push(found);
    }
  }
  return figures;
}

type Execute = (sql: string) => Promise<{ readonly rows: readonly unknown[] }>;

async function measure(
  gateways: readonly VStorage[],
  execute: Execute,
  { clientsEach, thinkMs, seconds }: GatewayOptions,
): Promise<GatewayFigures> {
  const pids = gateways.flatMap(({ server }) => processTree(server.pid));
  const [cpuBefore, before] = [cpuSecondsOf(pids), await transactions(execute)];
  const startedAtMs = performance.now();
  const endMs = startedAtMs + seconds * 1000;
  const clients = gateways.flatMap((gateway) =>
    Array.from({ length: clientsEach }, (_, number) => runClient(gateway, { number, thinkMs, endMs })),
  );
  const sent: Sent[] = (await Promise.all(clients)).flat();
  const tookSeconds = (performance.now() - startedAtMs) / 1000;
  const after = await transactions(execute);
  const times = sent.map(({ ms }) => ms);
  return {
    gateways: gateways.length,
    clients: clients.length,
    requests: sent.length,
    failed: sent.filter(({ ok }) => !ok).length,
    perSecond: sent.length / tookSeconds,
    medianMs: percentile(times, 0.5),
    p99Ms: percentile(times, 0.99),
    gatewayCpuMsPerRequest: ((cpuSecondsOf(pids) - cpuBefore) * 1000) / sent.length,
    transactionsPerRequest: (after.commits - before.commits) / sent.length,
    rollbacksPer1000: ((after.rollbacks - before.rollbacks) * 1000) / sent.length,
  };
}

async function transactions(execute: Execute): Promise<{ commits: number; rollbacks: number }> {
  const sql = `SELECT xact_commit::int AS commits, xact_rollback::int AS rollbacks
    FROM pg_stat_database WHERE datname = current_database()`;
  const [row] = (await execute(sql)).rows as { commits: number; rollbacks: number }[];
  return row ?? { commits: 0, rollbacks: 0 };
}
