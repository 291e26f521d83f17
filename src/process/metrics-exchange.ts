// /metrics may be asked of any worker: that one asks the primary, which collects every worker's numbers and adds them.
import type { Log } from '../observe/log.ts';
import type { MetricSnapshot, Metrics } from '../observe/metrics.ts';
import type { FromWorker } from './messages.ts';

const ANSWER_TIMEOUT_MS = 5_000;

/** A worker's side. */
export type MetricsExchange = {
  /** the sum over all workers, in Prometheus' text format */
  readonly fetch: () => Promise<string>;
  readonly arrived: (requestId: number, text: string) => void;
  /** sends this worker's numbers to the primary */
  readonly answer: (requestId: number, metrics: Metrics) => void;
};

export function createMetricsExchange(send: (message: FromWorker) => void, log: Log): MetricsExchange {
  const pending = new Replies<string>();
  return {
    fetch: () => {
      const { requestId, reply } = pending.expect();
      send({ kind: 'want-metrics', requestId });
      return reply;
    },
    arrived: (requestId, text) => pending.arrived(requestId, text),
    answer: (requestId, metrics) => {
      metrics.registry.getMetricsAsJSON().then(
        (snapshot) => send({ kind: 'collected', requestId, snapshot }),
        (error: unknown) => log.error({ err: error }, 'metrics could not be collected'),
      );
    },
  };
}

/** The primary's side: `ask` sends `collect` with this id to one worker. */
export class MetricsCollector {
  readonly #pending = new Replies<MetricSnapshot>();

  async collect(workers: readonly ((requestId: number) => void)[]): Promise<string> {
    const asked = workers.map((ask) => {
      const { requestId, reply } = this.#pending.expect();
      ask(requestId);
      return reply;
    });
    const answers = (await Promise.allSettled(asked)).flatMap((answer) =>
      answer.status === 'fulfilled' ? [answer.value] : [],
    );
    // Only whoever scrapes pays for the library.
    const { AggregatorRegistry } = await import('prom-client');
    return await AggregatorRegistry.aggregate(answers).metrics();
  }

  arrived(requestId: number, snapshot: MetricSnapshot): void {
    this.#pending.arrived(requestId, snapshot);
  }
}

/** Answers by request id; one that never comes rejects. */
class Replies<T> {
  readonly #waiting = new Map<number, (value: T) => void>();
  #lastId = 0;

  expect(): { requestId: number; reply: Promise<T> } {
    const requestId = ++this.#lastId;
    const { promise, resolve, reject } = Promise.withResolvers<T>();
    const timer = setTimeout(() => {
      this.#waiting.delete(requestId);
      reject(new Error('a process did not answer in time'));
    }, ANSWER_TIMEOUT_MS);
    this.#waiting.set(requestId, (value) => {
      clearTimeout(timer);
      this.#waiting.delete(requestId);
      resolve(value);
    });
    return { requestId, reply: promise };
  }

  arrived(requestId: number, value: T): void {
    this.#waiting.get(requestId)?.(value);
  }
}
