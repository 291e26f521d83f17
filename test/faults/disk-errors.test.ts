// A disk that answers EIO, or has become read-only (strace answers for the kernel): writes are refused in S3's XML, nothing
// is torn, reads go on, and writing works again when the disk does.
import assert from 'node:assert/strict';
import { execFileSync, spawnSync } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { test } from 'node:test';
import { CreateBucketCommand, GetObjectCommand, PutObjectCommand, type S3Client } from '@aws-sdk/client-s3';
import { startServer, type TestServer } from '../support/start-server.ts';
import { injectErrors } from '../support/system-calls.ts';
import { connect, createRootKey, statusOf } from './s3-client.ts';

const skip = spawnSync('strace', ['-V']).status === 0 ? false : 'strace is not installed';
const Bucket = 'errors';

type Faulty = AsyncDisposable & {
  readonly server: TestServer;
  readonly client: S3Client;
  /** until it is disposed, these system calls of every worker fail */
  readonly fail: (calls: string, error: string) => Promise<AsyncDisposable>;
};

async function openFaulty(): Promise<Faulty> {
  const server = await startServer({ args: ['--bucket-defaults', 'legacy'] });
  const client = await connect(server, await createRootKey(server));
  await client.send(new CreateBucketCommand({ Bucket }));
  const workers = execFileSync('pgrep', ['-P', String(server.pid)], { encoding: 'utf8' })
    .trim()
    .split('\n');
  return {
    server,
    client,
    fail: async (calls, error) => {
      await using stack = new AsyncDisposableStack();
      for (const pid of workers) stack.use(await injectErrors(Number(pid), calls, error));
      return stack.move();
    },
    [Symbol.asyncDispose]: async () => {
      client.destroy();
      await server[Symbol.asyncDispose]();
    },
  };
}

const put = (client: S3Client, Key: string, Body: Uint8Array): Promise<unknown> =>
  client.send(new PutObjectCommand({ Bucket, Key, Body }));

async function read(client: S3Client, Key: string): Promise<Buffer> {
  const { Body } = await client.send(new GetObjectCommand({ Bucket, Key }));
  return Buffer.from((await Body?.transformToByteArray()) ?? []);
}

async function assertRefused(sent: Promise<unknown>, what: string): Promise<void> {
  await assert.rejects(sent, (error: unknown) => {
    const status = statusOf(error);
    assert.ok(status === 503 || status === 507, `${what}: ${status} ${String(error)}`);
    assert.notEqual(Object(error).name, 'Unknown', `${what}: the answer is S3's XML`);
    return true;
  });
}

const cases: readonly { readonly name: string; readonly calls: string; readonly error: string }[] = [
  { name: 'syncing answers EIO', calls: 'fsync,fdatasync', error: 'EIO' },
  { name: 'writing answers EIO', calls: 'pwrite64,pwritev', error: 'EIO' },
  { name: 'the disk has become read-only', calls: 'pwrite64,pwritev,fsync,fdatasync,mkdir,rename', error: 'EROFS' },
];

for (const { name, calls, error } of cases) {
  test(`${name}: writes are refused, nothing is torn, reads go on, writing works again`, {
    skip,
    timeout: 90_000,
  }, async () => {
    await using faulty = await openFaulty();
    const { client } = faulty;
    const [small, large] = [randomBytes(2_000), randomBytes(300_000)];
    await put(client, 'small', small);
    await put(client, 'large', large);
    {
      await using _failing = await faulty.fail(calls, error);
      await assertRefused(put(client, 'small', randomBytes(2_000)), 'a small PUT');
      await assertRefused(put(client, 'large', randomBytes(300_000)), 'a large PUT');
      assert.ok((await read(client, 'small')).equals(small), 'the small object reads while writes fail');
      assert.ok((await read(client, 'large')).equals(large), 'the large object reads while writes fail');
    }
    assert.ok((await read(client, 'large')).equals(large), 'the old large object is whole');
    const next = randomBytes(300_000);
    await eventually(() => put(client, 'large', next));
    await eventually(() => put(client, 'small', next.subarray(0, 2_000)));
    assert.ok((await read(client, 'large')).equals(next));
    assert.ok((await read(client, 'small')).equals(next.subarray(0, 2_000)));
    const { faults } = (await faulty.server.cli(['scrub'])) as { faults: unknown[] };
    assert.deepEqual(faults, []);
  });
}

async function eventually(work: () => Promise<unknown>): Promise<void> {
  for (let tries = 0; tries < 40; tries++) {
    try {
      await work();
      return;
    } catch {
      await new Promise((resolve) => setTimeout(resolve, 250));
    }
  }
  await work();
}
