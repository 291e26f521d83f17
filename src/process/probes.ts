// /health on both listeners, /metrics on the console's. On the S3 listener these paths could also name an object of a
// bucket `health`: a signed request, or one to a virtual host, always means the object.
import { timingSafeEqual, createHash } from 'node:crypto';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { StoreFullError } from '../metadata/metadata-store.ts';
import type { Log } from '../observe/log.ts';
import type { Handler } from './http-server.ts';
import type { ListenerName } from './messages.ts';

export type ProbeDeps = {
  readonly listener: ListenerName;
  /** virtual-host bases; a host below one of them names a bucket */
  readonly domains: readonly string[];
  readonly ready: () => Promise<void>;
  readonly stopping: () => boolean;
  readonly log: Log;
  readonly metrics: {
    /** of all workers, in Prometheus' text format */
    readonly text: () => Promise<string>;
    readonly token: string | null;
    /** false behind a proxy: there every request comes from loopback */
    readonly trustLoopback: boolean;
  };
};

/** Answers probes itself and hands everything else to `handler`. */
export function withProbes(deps: ProbeDeps, handler: Handler): Handler {
  return (request, response) => {
    const probe = findProbe(deps, request);
    if (!probe || !isProbe(deps, request)) return handler(request, response);
    probe(request, response).catch((error: unknown) => {
      deps.log.error({ err: error }, 'a probe could not be answered');
      response.destroy();
    });
  };
}

type Probe = (request: IncomingMessage, response: ServerResponse) => Promise<void>;

function findProbe(deps: ProbeDeps, request: IncomingMessage): Probe | undefined {
  if (request.url === '/health/live') return async (_, response) => send(response, 200, { status: 'live' });
  if (request.url === '/health/ready') return async (_, response) => sendReadiness(deps, response);
  if (request.url === '/metrics' && deps.listener === 'console')
    return (_, response) => sendMetrics(deps, request, response);
  return undefined;
}

function isProbe(deps: ProbeDeps, request: IncomingMessage): boolean {
  if (request.method !== 'GET' && request.method !== 'HEAD') return false;
  if (deps.listener === 'console') return true;
  const host = (request.headers.host ?? '').replace(/:\d+$/, '').toLowerCase();
  return request.headers.authorization === undefined && !deps.domains.some((domain) => host.endsWith(`.${domain}`));
}

/** A full store stays ready: it still reads and deletes, and taking it out of a balancer would end that as well. */
async function sendReadiness(deps: ProbeDeps, response: ServerResponse): Promise<void> {
  if (deps.stopping()) return send(response, 503, { status: 'stopping' });
  try {
    await deps.ready();
    send(response, 200, { status: 'ready', writes: 'accepted' });
  } catch (error) {
    if (error instanceof StoreFullError) return send(response, 200, { status: 'ready', writes: 'refused: disk full' });
    deps.log.warn({ err: error }, 'not ready: a store cannot be reached');
    send(response, 503, { status: 'unavailable' });
  }
}

async function sendMetrics(deps: ProbeDeps, request: IncomingMessage, response: ServerResponse): Promise<void> {
  if (!mayReadMetrics(deps, request)) {
    response.setHeader('www-authenticate', 'Bearer');
    return send(response, 401, {
      code: 'metrics-token-required',
      detail: 'Metrics are read from the machine itself, or with the bearer token of --metrics-token-file.',
    });
  }
  const text = await deps.metrics.text();
  response.writeHead(200, { 'content-type': 'text/plain; version=0.0.4; charset=utf-8', 'cache-control': 'no-store' });
  response.end(text);
}

function mayReadMetrics(deps: ProbeDeps, request: IncomingMessage): boolean {
  const { token, trustLoopback } = deps.metrics;
  if (trustLoopback && isLoopback(request.socket.remoteAddress ?? '')) return true;
  const given = /^Bearer (.+)$/i.exec(request.headers.authorization ?? '')?.[1];
  return token !== null && given !== undefined && timingSafeEqual(sha256(given), sha256(token));
}

const isLoopback = (address: string): boolean => address === '::1' || /^(::ffff:)?127\./.test(address);
const sha256 = (text: string): Buffer => createHash('sha256').update(text).digest();

function send(response: ServerResponse, status: number, body: Readonly<Record<string, unknown>>): void {
  const type = status < 400 || status === 503 ? 'application/json' : 'application/problem+json';
  response.writeHead(status, { 'content-type': type, 'cache-control': 'no-store' });
  response.end(`${JSON.stringify(body)}\n`);
}
