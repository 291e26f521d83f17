// A client as applications are: one request, the answer, a pause. 70 % GET and 20 % PUT of 4 KiB, 10 % PUT of 64 KiB,
// whose bytes go to Ceph. Connections are kept.
import { Agent, request } from 'node:https';
import { setTimeout as sleep } from 'node:timers/promises';
import { sendAll } from '../load/send.ts';
import type { Target } from '../load/wrk.ts';
import type { BenchTarget } from '../targets/target.ts';

export const BUCKET = 'bench-gateways';

const KIB = 1024;
const READ_OBJECTS = 500;
const SMALL = Buffer.alloc(4 * KIB, 'x');
const LARGE = Buffer.alloc(64 * KIB, 'x');

export type Sent = { readonly ms: number; readonly ok: boolean };
export type ClientOptions = { readonly number: number; readonly thinkMs: number; readonly endMs: number };

const readPath = (index: number): string => `/${BUCKET}/read/${index % READ_OBJECTS}`;

export async function fillForClients(target: BenchTarget): Promise<void> {
  const calls = Array.from({ length: READ_OBJECTS }, (_, index) => target.call('PUT', readPath(index)));
  await sendAll(target.origin, calls, SMALL);
}

let lastKey = 0;

/** Pauses are of half to one and a half the time, so that clients do not march in step. */
export async function runClient(target: BenchTarget, { number, thinkMs, endMs }: ClientOptions): Promise<Sent[]> {
  const agent = new Agent({ keepAlive: true, maxSockets: 1, rejectUnauthorized: false });
  const sent: Sent[] = [];
  try {
    await sleep(Math.random() * thinkMs);
    for (let step = number; performance.now() < endMs; step++) {
      const startedAtMs = performance.now();
      const ok = await sendNext(agent, target, step).catch(() => false);
      sent.push({ ms: performance.now() - startedAtMs, ok });
      await sleep(thinkMs * (0.5 + Math.random()));
    }
    return sent;
  } finally {
    agent.destroy();
  }
}

function sendNext(agent: Agent, target: BenchTarget, step: number): Promise<boolean> {
  const kind = step % 10;
  if (kind < 7) return send(agent, target.origin, target.call('GET', readPath(step * 7)), null);
  const path = `/${BUCKET}/written/${process.pid}-${lastKey++}`;
  return send(agent, target.origin, target.call('PUT', path), kind < 9 ? SMALL : LARGE);
}

function send(agent: Agent, origin: string, { method, path }: Target, body: Buffer | null): Promise<boolean> {
  return new Promise((resolve, reject) => {
    const headers = body === null ? {} : { 'content-length': body.length };
    const sent = request(`${origin}${path}`, { method, agent, headers }, (response) => {
      response.resume();
      response.once('error', reject);
      response.once('end', () => resolve(response.statusCode === 200));
    });
    sent.once('error', reject);
    sent.end(body ?? undefined);
  });
}
