// A worker process: both HTTP servers, fed with connections by the primary, and a share in the background jobs.
import { randomUUID } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { flushCompileCache } from 'node:module';
import { Socket } from 'node:net';
import { hostname } from 'node:os';
import type { Program, Surroundings } from '../build.ts';
import type { ServeConfig } from '../config/config.ts';
import { type Announced, announceGateway } from '../gateways/announce.ts';
import { runJobs } from '../jobs/runner.ts';
import type { Log } from '../observe/log.ts';
import { createLog } from '../observe/log.ts';
import type { Metrics } from '../observe/metrics.ts';
import { createMetrics } from '../observe/metrics.ts';
import { systemClock } from '../shared/clock.ts';
import { programVersion } from '../shared/program-version.ts';
import { localUrl, regionFacts } from './endpoints.ts';
import { createRootAccount } from './first-start.ts';
import type { WorkerServer } from './http-server.ts';
import { createWorkerServer } from './http-server.ts';
import type { FromWorker, ListenerName, ToWorker, WorkerSetup } from './messages.ts';
import type { MetricsExchange } from './metrics-exchange.ts';
import { createMetricsExchange } from './metrics-exchange.ts';
import { withProbes } from './probes.ts';
import { READY_TIMEOUT_MS, shareReadiness } from './readiness.ts';
import { caPath } from './tls/local-ca.ts';

const GRACE_MS = 30_000;
const FLUSH_TIMEOUT_MS = 1_000;
/** well within the time after which the pool gives a silent worker up */
const ALIVE_MS = 2_000;

export type Build = (config: ServeConfig, surroundings: Surroundings) => Promise<Program>;

/** Runs until the primary says stop, or is gone. */
export async function runWorker(build: Build): Promise<void> {
  // The primary decides when to stop: a terminal and systemd signal every process at once.
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, () => {});
  process.once('disconnect', endNow);
  const setup = await receiveSetup();
  const log = createLog(setup.config.logLevel, { pid: process.pid, worker: setup.workerNumber });
  process.once('uncaughtException', (error) => {
    log.fatal({ err: error }, 'a worker ends after an error nobody handled');
    endAfterLogging(log);
  });
  try {
    await serve(setup, build, log);
    process.exit(0);
  } catch (error) {
    log.error({ err: error }, 'a worker could not start or stop');
    send({ kind: 'failed', message: error instanceof Error ? error.message : String(error) });
    endAfterLogging(log);
  }
}

/**
 * With a store open, exiting would wait for the engine's commit thread, which may be waiting for this one while it
 * holds the lock that every other process needs to write. A killed process gives the lock back.
 */
function endNow(): void {
  process.kill(process.pid, 'SIGKILL');
}

function endAfterLogging(log: Log): void {
  setTimeout(endNow, FLUSH_TIMEOUT_MS);
  log.flush(() => setImmediate(endNow));
}

function receiveSetup(): Promise<WorkerSetup> {
  return new Promise((resolve) => {
    const onMessage = (message: ToWorker): void => {
      if (message.kind !== 'start') return;
      process.off('message', onMessage);
      resolve(message.setup);
    };
    process.on('message', onMessage);
  });
}

function send(message: FromWorker): void {
  process.send?.(message);
}

async function serve(setup: WorkerSetup, build: Build, log: Log): Promise<void> {
  const { config, ports } = setup;
  const metrics = createMetrics();
  const localCaPem = config.tls.kind === 'local-ca' ? await readFile(caPath(config.dataDir), 'utf8') : null;
  const consoleUrl = config.consoleUrl ?? localUrl(config, ports, 'console');
  const regions = regionFacts(config, ports);
  await using program = await build(config, { log, metrics, regions, localCaPem, consoleUrl });
  const stopped = new AbortController();
  const firstStart = setup.mayBootstrap ? await createRootAccount(program.identity, config) : null;
  const exchange = createMetricsExchange(send, log);
  const servers = createServers(setup, { program, exchange, log, stopped: stopped.signal });
  const holder = `${hostname()}:${process.pid}`;
  await using announced = await announce(program, holder, log);
  const jobs = runJobs({
    store: program.store,
    clock: systemClock,
    log,
    jobs: program.jobs,
    holder,
    signal: stopped.signal,
  });
  const stop = listen(servers, metrics, exchange);
  send({ kind: 'ready', firstStart });
  setInterval(() => send({ kind: 'alive' }), ALIVE_MS).unref();
  // Now rather than at the exit, which a killed process never reaches.
  flushCompileCache();
  await Promise.race([stop, jobs, announced.refused]);
  stopped.abort();
  await Promise.all([servers.s3.drain(GRACE_MS), servers.console.drain(GRACE_MS)]);
  await jobs;
}

function announce({ store, identity }: Program, holder: string, log: Log): Promise<Announced> {
  const onError = (error: unknown): void => log.warn({ err: error }, 'could not tell the store of this process');
  const gateway = { id: `${holder}:${randomUUID()}`, host: hostname(), pid: process.pid, version: programVersion() };
  return announceGateway({ store, clock: systemClock, masterKey: identity.masterKey, gateway, onError });
}

type Servers = Readonly<Record<ListenerName, WorkerServer>>;

type Parts = {
  readonly program: Program;
  readonly exchange: MetricsExchange;
  readonly log: Log;
  readonly stopped: AbortSignal;
};

function createServers({ config, tls }: WorkerSetup, { program, exchange, log, stopped }: Parts): Servers {
  const probes = {
    domains: config.regions.flatMap(({ domains, websiteDomains }) => [...domains, ...websiteDomains]),
    ready: shareReadiness(program.ready, READY_TIMEOUT_MS),
    stopping: () => stopped.aborted,
    log,
    metrics: { text: exchange.fetch, token: config.metricsToken, trustLoopback: tls !== null },
  };
  return {
    s3: createWorkerServer('s3', tls, withProbes({ ...probes, listener: 's3' }, program.s3Handler)),
    console: createWorkerServer('console', tls, withProbes({ ...probes, listener: 'console' }, program.consoleHandler)),
  };
}

/** Without a handle the client has left on the way. */
function accept(servers: Servers, message: Extract<ToWorker, { kind: 'connection' }>, handle: unknown): void {
  send({ kind: 'accepted', connectionId: message.connectionId });
  if (handle instanceof Socket) servers[message.listener].accept(handle);
}

/** Does what the primary asks; resolves when that is to stop. */
function listen(servers: Servers, metrics: Metrics, exchange: MetricsExchange): Promise<void> {
  return new Promise((resolve) => {
    process.on('message', (message: ToWorker, handle: unknown) => {
      if (message.kind === 'connection') accept(servers, message, handle);
      else if (message.kind === 'collect') exchange.answer(message.requestId, metrics);
      else if (message.kind === 'metrics-text') exchange.arrived(message.requestId, message.text);
      else if (message.kind === 'tls') for (const server of Object.values(servers)) server.setTls(message.tls);
      else if (message.kind === 'stop') resolve();
    });
  });
}
