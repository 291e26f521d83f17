// Mixed load at a steady rate while keys and policies come and go: after a warm-up, memory, open files and latency must
// stay what they are.
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import { randomInt } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import {
  CreateBucketCommand,
  DeleteObjectCommand,
  GetObjectCommand,
  HeadObjectCommand,
  ListObjectsV2Command,
  PutObjectCommand,
  type S3Client,
} from '@aws-sdk/client-s3';
import { Upload } from '@aws-sdk/lib-storage';
import { json } from '../api/browser.ts';
import { HttpsBrowser } from '../api/https-browser.ts';
import { startServer, type TestServer } from '../support/start-server.ts';
import { connect, createRootKey } from './s3-client.ts';

const Bucket = 'soak';
const CLIENTS = 6;
const KEYS = 500;
const THINK_MS = 15;

export type Sample = {
  readonly minute: number;
  /** of the worker that has most */
  readonly memoryBytes: number;
  readonly openFiles: number;
  readonly requests: number;
  readonly medianMs: number;
};

export async function soak(samples: number, sampleMs: number): Promise<Sample[]> {
  await using server = await startServer({ args: ['--limit', 'keys-per-account=1000'] });
  const client = await connect(server, await createRootKey(server));
  await client.send(new CreateBucketCommand({ Bucket }));
  const stopped = new AbortController();
  let latencies: number[] = [];
  const loops = [
    ...Array.from({ length: CLIENTS }, () =>
      repeat(stopped.signal, async () => {
        const begunMs = performance.now();
        await oneRequest(client);
        latencies.push(performance.now() - begunMs);
        await sleep(THINK_MS);
      }),
    ),
    churn(server, stopped.signal),
  ];
  const found: Sample[] = [];
  for (let minute = 0; minute < samples; minute++) {
    await Promise.race([sleep(sampleMs), ...loops]);
    const sorted = latencies.toSorted((a, b) => a - b);
    latencies = [];
    const medianMs = sorted[Math.floor(sorted.length / 2)] ?? Number.NaN;
    found.push({ minute, ...worstWorker(server.pid), requests: sorted.length, medianMs });
  }
  stopped.abort();
  await Promise.all(loops);
  return found;
}

async function repeat(signal: AbortSignal, work: () => Promise<void>): Promise<void> {
  while (!signal.aborted) await work();
}

async function oneRequest(client: S3Client): Promise<void> {
  const Key = `key-${randomInt(KEYS)}`;
  const choice = randomInt(100);
  try {
    if (choice < 25) await client.send(new PutObjectCommand({ Bucket, Key, Body: Buffer.alloc(randomInt(30_000), 1) }));
    else if (choice < 27) await uploadLarge(client, Key);
    else if (choice < 35) await client.send(new DeleteObjectCommand({ Bucket, Key }));
    else if (choice < 40) await client.send(new ListObjectsV2Command({ Bucket, MaxKeys: 100 }));
    else if (choice < 60) await client.send(new HeadObjectCommand({ Bucket, Key }));
    else await (await client.send(new GetObjectCommand({ Bucket, Key }))).Body?.transformToByteArray();
  } catch (error) {
    assert.equal(Object(error).$metadata?.httpStatusCode, 404, String(error));
  }
}

const uploadLarge = (client: S3Client, Key: string): Promise<unknown> =>
  new Upload({ client, params: { Bucket, Key, Body: Buffer.alloc(6 * 2 ** 20, 1) }, partSize: 5 * 2 ** 20 }).done();

/** Keys and a policy made and taken away again: what is kept by key, policy or epoch must be let go. */
async function churn(server: TestServer, signal: AbortSignal): Promise<void> {
  const browser = new HttpsBrowser(server);
  await browser.signIn({ type: 'root', email: server.rootEmail, password: server.rootPassword });
  const projects = json<{ items: { id: string }[] }>(await browser.send('GET', 'projects'), 200);
  const path = `projects/${projects.items[0]?.id}/s3-keys`;
  const document = JSON.stringify({ Statement: { Effect: 'Allow', Action: 's3:Get*', Resource: '*' } });
  await repeat(signal, async () => {
    const key = json<{ id: string; accessKey: string; secretKey: string }>(await browser.send('POST', path, {}), 201);
    const client = await connect(server, key);
    await client.send(new ListObjectsV2Command({ Bucket, MaxKeys: 1 }));
    client.destroy();
    await browser.send('DELETE', `${path}/${key.id}`);
    const name = `policy-${randomInt(1e9)}`;
    json(await browser.send('POST', 'policies', { name, description: '', document }), 201);
    await browser.send('DELETE', `policies/${name}`);
    await sleep(100);
  });
}

function worstWorker(pid: number): { memoryBytes: number; openFiles: number } {
  const workers = execFileSync('pgrep', ['-P', String(pid)], { encoding: 'utf8' })
    .trim()
    .split('\n');
  const memory = workers.map((worker) => {
    const status = readFileSync(`/proc/${worker}/status`, 'utf8');
    return Number(/VmRSS:\s+(\d+)/.exec(status)?.[1]) * 1024;
  });
  const files = workers.map((worker) => readdirSync(`/proc/${worker}/fd`).length);
  return { memoryBytes: Math.max(...memory), openFiles: Math.max(...files) };
}

/** The last third against the third after the warm-up. */
export function assertFlat(samples: readonly Sample[]): void {
  const third = Math.floor(samples.length / 3);
  const middle = samples.slice(third, 2 * third);
  const end = samples.slice(-third);
  const mean = (part: readonly Sample[], of: (sample: Sample) => number): number =>
    part.reduce((sum, sample) => sum + of(sample), 0) / part.length;
  const ratio = (of: (sample: Sample) => number): number => mean(end, of) / mean(middle, of);
  const shown = JSON.stringify(samples);
  assert.ok(ratio(({ memoryBytes }) => memoryBytes) < 1.2, `memory grows: ${shown}`);
  assert.ok(ratio(({ openFiles }) => openFiles) < 1.2, `open files grow: ${shown}`);
  assert.ok(ratio(({ medianMs }) => medianMs) < 1.5, `latency grows: ${shown}`);
}
