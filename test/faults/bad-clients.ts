// Clients that take and give nothing back: connections that stay idle, heads and bodies that come a byte at a time,
// answers that are never read. The others must hardly notice, and memory stays bounded.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { execFileSync } from 'node:child_process';
import { connect as connectTcp, type Socket } from 'node:net';
import { connect as connectTls } from 'node:tls';
import { setTimeout as sleep } from 'node:timers/promises';
import { GetObjectCommand, PutObjectCommand } from '@aws-sdk/client-s3';
import { getSignedUrl } from '@aws-sdk/s3-request-presigner';
import { inParallel } from '../../src/shared/in-parallel.ts';
import { openTarget, type S3Target } from '../s3/s3-target.ts';

export type Crowd = {
  readonly idle: number;
  readonly slowHeads: number;
  readonly slowBodies: number;
  readonly neverRead: number;
};

const BIG_BYTES = 64 * 2 ** 20;
const REQUESTS = 200;

export async function standTheCrowd(
  crowd: Crowd,
  most: { readonly p99Ratio: number; readonly growthBytesPerWorker: number },
): Promise<void> {
  await using s3 = await openTarget();
  const bucket = await s3.bucket();
  await s3.raw({ method: 'PUT', path: `/${bucket}/big`, body: Buffer.alloc(BIG_BYTES, 1), payload: 'unsigned' });
  await s3.raw({ method: 'PUT', path: `/${bucket}/small`, body: Buffer.alloc(4096, 1) });
  const get = (): Promise<unknown> => okGet(s3, `/${bucket}/small`);
  await latencies(get);
  const before = p99(await latencies(get));
  const memoryBefore = workerMemory(s3);
  await using sockets = new AsyncDisposableStack();
  await gather(s3, bucket, crowd, sockets);
  await sleep(1_000);
  const during = Math.min(p99(await latencies(get)), p99(await latencies(get)));
  const growth = Math.max(...workerMemory(s3).map((bytes, index) => bytes - (memoryBefore[index] ?? 0)));
  assert.ok(
    during < Math.max(before, 5) * most.p99Ratio,
    `p99 ${before.toFixed(1)} ms, with the crowd ${during.toFixed(1)} ms`,
  );
  assert.ok(growth < most.growthBytesPerWorker, `a worker grew by ${Math.round(growth / 2 ** 20)} MiB`);
  await sockets.disposeAsync();
  await get();
}

async function okGet(s3: S3Target, path: string): Promise<void> {
  assert.equal((await s3.raw({ path })).status, 200);
}

/** Milliseconds of each of REQUESTS requests, four at a time. */
async function latencies(work: () => Promise<unknown>): Promise<number[]> {
  const found: number[] = [];
  await inParallel(Array.from({ length: REQUESTS }), 4, async () => {
    const begunMs = performance.now();
    await work();
    found.push(performance.now() - begunMs);
  });
  return found;
}

const p99 = (found: readonly number[]): number =>
  found.toSorted((a, b) => a - b)[Math.floor(found.length * 0.99)] ?? Number.NaN;

function workerMemory(s3: S3Target): number[] {
  const pids = execFileSync('pgrep', ['-P', String(s3.server?.pid)], { encoding: 'utf8' })
    .trim()
    .split('\n');
  return pids.map((pid) => Number(/VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1]) * 1024);
}

async function gather(s3: S3Target, bucket: string, crowd: Crowd, sockets: AsyncDisposableStack): Promise<void> {
  const port = Number(new URL(s3.url).port);
  const keep = (socket: Socket): Socket => {
    socket.on('error', () => {});
    sockets.defer(() => void socket.destroy());
    return socket;
  };
  const tls = (): Promise<Socket> =>
    new Promise((resolve, reject) => {
      const socket = connectTls({ port, host: '127.0.0.1', servername: 'localhost', ca: s3.ca });
      socket.once('secureConnect', () => resolve(keep(socket)));
      socket.once('error', reject);
    });
  const times = (count: number): number[] => Array.from({ length: count }, (_, index) => index);
  await inParallel(times(crowd.idle), 50, async () => {
    const socket = keep(connectTcp(port, '127.0.0.1'));
    await new Promise((resolve, reject) => socket.once('connect', resolve).once('error', reject));
  });
  await inParallel(times(crowd.slowHeads), 20, async () =>
    trickle(await tls(), 'GET / HTTP/1.1\r\nHost: localhost\r\n', sockets),
  );
  const signed = await presignedHeads(s3, bucket);
  await inParallel(times(crowd.slowBodies), 20, async () => trickle(await tls(), signed.put, sockets));
  await inParallel(times(crowd.neverRead), 20, async () => {
    const socket = await tls();
    socket.pause();
    socket.write(signed.get);
  });
}

/** The head at once, then a byte now and then. */
function trickle(socket: Socket, head: string, sockets: AsyncDisposableStack): void {
  socket.write(head);
  const timer = setInterval(() => void socket.write('x'), 500);
  sockets.defer(() => clearInterval(timer));
}

async function presignedHeads(s3: S3Target, bucket: string): Promise<{ put: string; get: string }> {
  const target = async (command: GetObjectCommand | PutObjectCommand): Promise<string> => {
    const { pathname, search } = new URL(await getSignedUrl(s3.client, command, { expiresIn: 900 }));
    return pathname + search;
  };
  const { host } = new URL(s3.url);
  const get = await target(new GetObjectCommand({ Bucket: bucket, Key: 'big' }));
  const put = await target(new PutObjectCommand({ Bucket: bucket, Key: 'slow' }));
  return {
    get: `GET ${get} HTTP/1.1\r\nHost: ${host}\r\n\r\n`,
    put: `PUT ${put} HTTP/1.1\r\nHost: ${host}\r\nContent-Length: ${10 * 2 ** 20}\r\n\r\n`,
  };
}
