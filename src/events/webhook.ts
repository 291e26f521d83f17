// Events as HTTPS requests, one each, to an address that the operator set up: accounts only name it, so nobody can make
// the server call into its own network. Redirects are not followed. The body is signed:
//   x-vstorage-signature: t=<seconds since 1970>,v1=<hex HMAC-SHA256 of "<t>.<body>" under the target's secret>
import { createHmac } from 'node:crypto';
import { Agent as HttpAgent, request as httpRequest } from 'node:http';
import { Agent as HttpsAgent, request as httpsRequest } from 'node:https';
import type { MetadataStore } from '../metadata/metadata-store.ts';
import type { OutboxRecord } from '../metadata/tables/events.ts';
import type { Clock } from '../shared/clock.ts';
import type { EventTarget } from './event-target.ts';

const TIMEOUT_MS = 10_000;
const CONCURRENCY = 8;

export type WebhookOptions = {
  /** https, or http to a loopback address */
  readonly url: URL;
  readonly secret: string;
  /** further certificate authorities, PEM */
  readonly ca: string | null;
  readonly timeoutMs?: number;
};

type Deps = { readonly store: MetadataStore; readonly clock: Clock };

export function webhookTarget(deps: Deps, options: WebhookOptions): EventTarget {
  const { secret } = options;
  const send = openPost(options);
  return {
    batchSize: 1,
    concurrency: CONCURRENCY,
    gatherMs: 0,
    deliver: async (batch, settle) => {
      for (const record of batch) {
        const body = bodyOf(record);
        const headers = {
          'content-type': 'application/json',
          'content-length': String(Buffer.byteLength(body)),
          'user-agent': 'vStorage',
          'x-vstorage-event-id': record.id,
          'x-vstorage-signature': sign(secret, deps.clock(), body),
        };
        await send(body, headers);
      }
      await deps.store.transact(async (transaction) => settle(transaction));
    },
  };
}

/** Connections to one address; resolves when it answered that it has taken the body. */
export function openPost({
  url,
  ca,
  timeoutMs = TIMEOUT_MS,
}: WebhookOptions): (body: string, headers: Readonly<Record<string, string>>) => Promise<void> {
  const keepAlive = { keepAlive: true, maxSockets: CONCURRENCY };
  const agent =
    url.protocol === 'https:'
      ? new HttpsAgent(ca === null ? keepAlive : { ...keepAlive, ca })
      : new HttpAgent(keepAlive);
  return (body, headers) => post({ url, agent, headers, timeoutMs }, body);
}

/** A test event stands alone, all others as S3 sends them. */
function bodyOf({ event }: OutboxRecord): string {
  return JSON.stringify('Event' in event ? event : { Records: [event] });
}

export function sign(secret: string, nowMs: number, body: string): string {
  const seconds = Math.floor(nowMs / 1000);
  return `t=${seconds},v1=${createHmac('sha256', secret).update(`${seconds}.${body}`).digest('hex')}`;
}

type Post = {
  readonly url: URL;
  readonly agent: HttpAgent;
  readonly headers: Readonly<Record<string, string>>;
  readonly timeoutMs: number;
};

function post({ url, agent, headers, timeoutMs }: Post, body: string): Promise<void> {
  const send = url.protocol === 'https:' ? httpsRequest : httpRequest;
  return new Promise((resolve, reject) => {
    const signal = AbortSignal.timeout(timeoutMs);
    const request = send(url, { method: 'POST', agent, headers, signal }, (response) => {
      const { statusCode = 0 } = response;
      response.on('error', reject);
      response.on('end', () =>
        statusCode >= 200 && statusCode < 300 ? resolve() : reject(new Error(`the target answered ${statusCode}`)),
      );
      // what it says is nobody's concern, but the connection is wanted again
      response.resume();
    });
    request.on('error', (error) =>
      reject(signal.aborted ? new Error(`the target did not answer within ${timeoutMs / 1000} s`) : error),
    );
    request.end(body);
  });
}
