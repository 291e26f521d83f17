// What Prometheus scrapes. Each worker keeps its own registry; the primary adds them up (process/metrics-exchange.ts).
import { Counter, Histogram, Registry, collectDefaultMetrics } from 'prom-client';
import type { MetricObjectWithValues, MetricValue } from 'prom-client';

export type MetricSnapshot = MetricObjectWithValues<MetricValue<string>>[];

export type Metrics = {
  readonly registry: Registry;
  /** seconds from the request line to the last byte of the answer, by operation (`PutObject`) and status */
  readonly s3Request: (operation: string, status: number, seconds: number) => void;
  /** a refused request whose explanation was not kept: there were too many */
  readonly refusalNotKept: () => void;
  /** `area`: `api` or `page` */
  readonly consoleRequest: (area: string, status: number, seconds: number) => void;
};

type BoundSeries = {
  readonly duration: { readonly observe: (seconds: number) => void };
  readonly total: { readonly inc: () => void };
};

const SECONDS = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 60, 600];

export function createMetrics(): Metrics {
  const registry = new Registry();
  collectDefaultMetrics({ register: registry });
  const histogram = <L extends string>(name: string, help: string, labelNames: L[]): Histogram<L> =>
    new Histogram({ name, help, labelNames, buckets: SECONDS, registers: [registry] });
  const counter = <L extends string>(name: string, help: string, labelNames: L[]): Counter<L> =>
    new Counter({ name, help, labelNames, registers: [registry] });
  const s3Seconds = histogram('vstorage_s3_request_seconds', 'Duration of S3 requests.', ['operation']);
  const s3Total = counter('vstorage_s3_requests_total', 'Answered S3 requests.', ['operation', 'status']);
  const consoleSeconds = histogram('vstorage_console_request_seconds', 'Duration of console requests.', ['area']);
  const consoleTotal = counter('vstorage_console_requests_total', 'Answered console requests.', ['area', 'status']);
  // Finding a series by its labels costs more than counting in it.
  const bound = new Map<string, BoundSeries>();
  const bind = (operation: string, status: number): BoundSeries => {
    const series = {
      duration: s3Seconds.labels({ operation }),
      total: s3Total.labels({ operation, status: String(status) }),
    };
    bound.set(`${operation} ${status}`, series);
    return series;
  };
  const refusalsNotKept = counter('vstorage_refusals_not_kept_total', 'Refusals whose explanation was not kept.', []);
  return {
    registry,
    refusalNotKept: () => refusalsNotKept.inc(),
    s3Request: (operation, status, seconds) => {
      const { duration, total } = bound.get(`${operation} ${status}`) ?? bind(operation, status);
      duration.observe(seconds);
      total.inc();
    },
    consoleRequest: (area, status, seconds) => {
      consoleSeconds.observe({ area }, seconds);
      consoleTotal.inc({ area, status: String(status) });
    },
  };
}
