// Requests that prepare a measurement: their answers matter, their speed does not.
import { Agent, request } from 'node:https';
import type { BenchTarget } from '../targets/target.ts';
import type { Target } from './wrk.ts';

const CONNECTIONS = 48;

type Body = string | Uint8Array;

/** The answer's body. Rejects unless it is 2xx. */
export async function ask(
  target: Pick<BenchTarget, 'origin' | 'call'>,
  method: Target['method'],
  path: string,
  query?: string,
  body: Body = '',
): Promise<string> {
  using agent = newAgent(1);
  return await send(agent.agent, target.origin, target.call(method, path, query), body);
}

/** The same body to every one. Rejects when any is refused. */
export async function sendAll(origin: string, calls: readonly Target[], body: Body): Promise<void> {
  using agent = newAgent(CONNECTIONS);
  const left = calls[Symbol.iterator]();
  const sender = async (): Promise<void> => {
    for (let next = left.next(); next.done !== true; next = left.next()) {
      await send(agent.agent, origin, next.value, body);
    }
  };
  await Promise.all(Array.from({ length: CONNECTIONS }, sender));
}

function newAgent(maxSockets: number): Disposable & { readonly agent: Agent } {
  // The certificate is not what is measured, and peers have their own.
  const agent = new Agent({ keepAlive: true, maxSockets, rejectUnauthorized: false });
  return { agent, [Symbol.dispose]: () => agent.destroy() };
}

function send(agent: Agent, origin: string, { method, path }: Target, body: Body): Promise<string> {
  return new Promise((resolve, reject) => {
    const headers = { 'content-length': Buffer.byteLength(body) };
    const sent = request(`${origin}${path}`, { method, agent, headers }, (response) => {
      const { statusCode = 0 } = response;
      let text = '';
      response.setEncoding('utf8').on('data', (part: string) => (text += part));
      response.once('error', reject);
      response.once('end', () => {
        if (statusCode >= 200 && statusCode < 300) resolve(text);
        else reject(new Error(`${method} ${origin}${path.split('?')[0]} was answered with ${statusCode}: ${text}`));
      });
    });
    sent.once('error', reject);
    sent.end(body);
  });
}
