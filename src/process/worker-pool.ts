// The worker processes: one dies or hangs, another takes its place, and meanwhile connections go to the others or wait.
import type { ChildProcess } from 'node:child_process';
import { fork } from 'node:child_process';
import type { Socket } from 'node:net';
import { workerEnvironment } from '../config/env.ts';
import type { Log } from '../observe/log.ts';
import type { FirstStart } from './first-start.ts';
import type { FromWorker, ListenerName, ToWorker, WorkerSetup } from './messages.ts';
import { MetricsCollector } from './metrics-exchange.ts';
import type { TlsMaterial } from './tls/material.ts';

/** A worker that lived this long had no trouble starting: its successor starts at once. */
const HEALTHY_MS = 10_000;
const FIRST_PAUSE_MS = 100;
const LONGEST_PAUSE_MS = 10_000;
const MAX_WAITING_CONNECTIONS = 1_000;
/** longer than a worker's own grace period */
const STOP_TIMEOUT_MS = 35_000;
/** A worker that says nothing for so long hangs: no request of it has been answered for a minute. */
const HUNG_AFTER_MS = 60_000;
/** Silence is counted in looks, so that a pause of the whole machine is not the worker's. */
const LOOKS = 12;

type Slot = {
  readonly number: number;
  child: ChildProcess;
  startedAtMs: number;
  ready: boolean;
  /** deaths in a row shortly after the start */
  failures: number;
  /** looks in a row at which it had said nothing */
  silentLooks: number;
  /** handed over, not yet confirmed: another worker gets them when this one dies */
  readonly inTransit: Map<number, Connection>;
};

type Connection = { readonly listener: ListenerName; readonly socket: Socket };

type Setup = (workerNumber: number) => WorkerSetup;

export type PoolOptions = {
  readonly workerFile: string;
  readonly count: number;
  readonly log: Log;
  readonly hungAfterMs?: number;
};

export class WorkerPool {
  readonly #options: PoolOptions;
  readonly #slots: Slot[] = [];
  readonly #waiting: Connection[] = [];
  #lastConnectionId = 0;
  readonly #metrics = new MetricsCollector();
  readonly #started = Promise.withResolvers<FirstStart | null>();
  #firstStart: FirstStart | null = null;
  #setup: Setup = () => {
    throw new Error('the pool was not started');
  };
  #everReady = false;
  #next = 0;
  #stopping = false;
  #watch: NodeJS.Timeout | undefined;

  constructor(options: PoolOptions) {
    this.#options = options;
  }

  /** Resolves when every worker takes connections; rejects when one cannot start. */
  start(setup: Setup): Promise<FirstStart | null> {
    this.#setup = setup;
    for (let number = 1; number <= this.#options.count; number++) this.#slots.push(this.#newSlot(number));
    const { hungAfterMs = HUNG_AFTER_MS } = this.#options;
    this.#watch = setInterval(() => this.#slots.forEach((slot) => this.#look(slot)), hungAfterMs / LOOKS);
    return this.#started.promise;
  }

  /** Hands an accepted, unread connection to the next worker in turn. */
  dispatch(listener: ListenerName, socket: Socket): void {
    const slot = this.#nextReady();
    if (slot) this.#handOver(slot, { listener, socket });
    else if (this.#waiting.length < MAX_WAITING_CONNECTIONS) this.#waiting.push({ listener, socket });
    else socket.destroy();
  }

  /** The socket stays open here until the worker has it: what a dying one did not take goes to another. */
  #handOver(slot: Slot, connection: Connection): void {
    const connectionId = ++this.#lastConnectionId;
    slot.inTransit.set(connectionId, connection);
    const message: ToWorker = { kind: 'connection', listener: connection.listener, connectionId };
    slot.child.send(message, connection.socket, { keepOpen: true }, ignoreDeath);
  }

  #onAccepted(slot: Slot, connectionId: number): void {
    slot.inTransit.get(connectionId)?.socket.destroy();
    slot.inTransit.delete(connectionId);
  }

  setTls(tls: TlsMaterial): void {
    for (const slot of this.#slots) if (slot.ready) this.#send(slot, { kind: 'tls', tls });
  }

  /** Lets running requests finish, then every worker has ended. */
  async stop(): Promise<void> {
    this.#stopping = true;
    clearInterval(this.#watch);
    for (const { socket } of this.#waiting.splice(0)) socket.destroy();
    await Promise.all(this.#slots.map((slot) => this.#stopSlot(slot)));
  }

  async #stopSlot(slot: Slot): Promise<void> {
    if (slot.child.pid === undefined || slot.child.exitCode !== null || slot.child.signalCode !== null) return;
    const ended = new Promise<void>((resolve) => slot.child.once('exit', () => resolve()));
    const timer = setTimeout(() => slot.child.kill('SIGKILL'), STOP_TIMEOUT_MS);
    if (slot.ready) this.#send(slot, { kind: 'stop' });
    else slot.child.kill('SIGKILL');
    await ended;
    clearTimeout(timer);
  }

  #newSlot(number: number): Slot {
    const startedAtMs = performance.now();
    const inTransit = new Map<number, Connection>();
    const slot: Slot = {
      number,
      child: this.#fork(),
      startedAtMs,
      ready: false,
      failures: 0,
      silentLooks: 0,
      inTransit,
    };
    this.#attach(slot);
    return slot;
  }

  #fork(): ChildProcess {
    return fork(this.#options.workerFile, [], {
      env: workerEnvironment(),
      stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
    });
  }

  #attach(slot: Slot): void {
    const { child } = slot;
    child.on('message', (message) => this.#receive(slot, message as FromWorker));
    child.on('error', (error) => {
      this.#options.log.error({ err: error, worker: slot.number }, 'a worker failed');
      // A process that never came to be has no exit.
      if (child.pid === undefined) this.#onExit(slot, error.message);
    });
    child.once('exit', (code, signal) => this.#onExit(slot, signal ?? `status ${code}`));
    this.#send(slot, { kind: 'start', setup: this.#setup(slot.number) });
  }

  #look(slot: Slot): void {
    if (!slot.ready || ++slot.silentLooks < LOOKS) return;
    slot.silentLooks = 0;
    this.#options.log.error({ worker: slot.number }, 'a worker hangs and is ended');
    slot.child.kill('SIGKILL');
  }

  #receive(slot: Slot, message: FromWorker): void {
    slot.silentLooks = 0;
    if (message.kind === 'ready') this.#onReady(slot, message.firstStart);
    else if (message.kind === 'accepted') this.#onAccepted(slot, message.connectionId);
    else if (message.kind === 'failed') this.#started.reject(new Error(message.message));
    else if (message.kind === 'collected') this.#metrics.arrived(message.requestId, message.snapshot);
    else if (message.kind === 'want-metrics') this.#answerMetrics(slot, message.requestId);
  }

  #onReady(slot: Slot, firstStart: FirstStart | null): void {
    slot.ready = true;
    this.#firstStart ??= firstStart;
    for (const { listener, socket } of this.#waiting.splice(0)) this.dispatch(listener, socket);
    if (!this.#slots.every((other) => other.ready)) return;
    this.#everReady = true;
    this.#started.resolve(this.#firstStart);
  }

  #onExit(slot: Slot, how: string): void {
    slot.ready = false;
    const abandoned = [...slot.inTransit.values()];
    slot.inTransit.clear();
    if (this.#stopping) return abandoned.forEach(({ socket }) => socket.destroy());
    for (const { listener, socket } of abandoned) this.dispatch(listener, socket);
    if (!this.#everReady) return this.#started.reject(new Error(`a worker ended with ${how} before it was ready`));
    const healthy = performance.now() - slot.startedAtMs > HEALTHY_MS;
    slot.failures = healthy ? 0 : slot.failures + 1;
    const pauseMs = healthy ? 0 : Math.min(FIRST_PAUSE_MS * 2 ** (slot.failures - 1), LONGEST_PAUSE_MS);
    this.#options.log.error({ worker: slot.number, how, pauseMs }, 'a worker ended; another takes its place');
    setTimeout(() => this.#replace(slot), pauseMs);
  }

  #replace(slot: Slot): void {
    if (this.#stopping) return;
    slot.child = this.#fork();
    slot.startedAtMs = performance.now();
    this.#attach(slot);
  }

  #nextReady(): Slot | undefined {
    for (let tried = 0; tried < this.#slots.length; tried++) {
      const slot = this.#slots[this.#next++ % this.#slots.length];
      if (slot?.ready) return slot;
    }
    return undefined;
  }

  #answerMetrics(asker: Slot, requestId: number): void {
    const ask = this.#slots
      .filter((slot) => slot.ready)
      .map((slot) => (id: number) => this.#send(slot, { kind: 'collect', requestId: id }));
    this.#metrics.collect(ask).then(
      (text) => this.#send(asker, { kind: 'metrics-text', requestId, text }),
      (error: unknown) => this.#options.log.error({ err: error }, 'metrics could not be added up'),
    );
  }

  #send(slot: Slot, message: ToWorker): void {
    slot.child.send(message, ignoreDeath);
  }
}

/** A message to a worker that has just died is nobody's error: its exit is noticed. */
function ignoreDeath(): void {}
