// What happens when two want the same thing at the same moment, on two workers: one winner, the answer of AWS for the
// loser, and histories of reads and writes that have one order.
import assert from 'node:assert/strict';
import { setTimeout as sleep } from 'node:timers/promises';
import { after, before, test } from 'node:test';
import {
  AbortMultipartUploadCommand,
  CompleteMultipartUploadCommand,
  CreateBucketCommand,
  CreateMultipartUploadCommand,
  DeleteBucketCommand,
  DeleteObjectCommand,
  GetObjectCommand,
  HeadObjectCommand,
  ListObjectsV2Command,
  ListObjectVersionsCommand,
  PutBucketVersioningCommand,
  PutObjectCommand,
  PutObjectRetentionCommand,
  S3ServiceException,
  type S3Client,
  UploadPartCommand,
} from '@aws-sdk/client-s3';
import { startServer, type TestServer } from '../support/start-server.ts';
import { isLinearizable, type RegisterOperation } from './linearizable.ts';
import { connect, createRootKey, type KeyPair } from './s3-client.ts';

let server: TestServer;
let clients: S3Client[];
before(async () => {
  server = await startServer({ workers: 2, args: ['--limit', 'keys-per-account=100'] });
  const key = await createRootKey(server);
  clients = await Promise.all(Array.from({ length: 8 }, () => connect(server, key)));
});
after(() => server[Symbol.asyncDispose]());

const client = (index: number): S3Client => clients[index % clients.length] ?? assert.fail('no client');
const range = (length: number): number[] => Array.from({ length }, (_, index) => index);

/** `200`, or the code of the refusal. */
async function outcome(sent: Promise<unknown>): Promise<string> {
  try {
    await sent;
    return 'ok';
  } catch (error) {
    if (error instanceof S3ServiceException) return error.name;
    throw error;
  }
}

const countOf = (outcomes: readonly string[], wanted: string): number =>
  outcomes.filter((one) => one === wanted).length;

async function newBucket(Bucket: string, options: { versioned?: boolean; lock?: boolean } = {}): Promise<string> {
  await client(0).send(new CreateBucketCommand({ Bucket, ObjectLockEnabledForBucket: options.lock === true }));
  const VersioningConfiguration = { Status: 'Enabled' } as const;
  if (options.versioned) await client(0).send(new PutBucketVersioningCommand({ Bucket, VersioningConfiguration }));
  return Bucket;
}

const ROUNDS = 12;

test('create/create: of two accounts that make the same bucket one gets it', async () => {
  await server.cli(['account', 'create', '--email', 'b@example.com']);
  await server.cli(['project', 'create', '--account', 'b@example.com', '--name', 'default']);
  const key = (await server.cli(['s3-key', 'create', '--account', 'b@example.com', '--project', 'default'])) as KeyPair;
  const other = await connect(server, key);
  for (const round of range(ROUNDS)) {
    const command = () => new CreateBucketCommand({ Bucket: `wanted-${round}` });
    const outcomes = await Promise.all([outcome(client(0).send(command())), outcome(other.send(command()))]);
    assert.deepEqual(outcomes.toSorted(), ['BucketAlreadyExists', 'ok']);
  }
});

test('put/put if none matches: exactly one writer makes the object', async () => {
  const Bucket = await newBucket('create-once');
  for (const round of range(ROUNDS)) {
    const puts = range(8).map((index) =>
      outcome(
        client(index).send(
          new PutObjectCommand({ Bucket, Key: `key-${round}`, Body: `from ${index}`, IfNoneMatch: '*' }),
        ),
      ),
    );
    const outcomes = await Promise.all(puts);
    const refused = countOf(outcomes, 'PreconditionFailed') + countOf(outcomes, 'ConditionalRequestConflict');
    assert.deepEqual([countOf(outcomes, 'ok'), refused], [1, 7], outcomes.join());
  }
});

test('compare and swap: a counter incremented by eight clients with If-Match loses nothing', async () => {
  const Bucket = await newBucket('counter');
  const Key = 'n';
  await client(0).send(new PutObjectCommand({ Bucket, Key, Body: '0' }));
  const increments = await Promise.all(
    range(8).map(async (index) => {
      let won = 0;
      for (let tries = 0; tries < 20; tries++) {
        const { Body, ETag } = await client(index).send(new GetObjectCommand({ Bucket, Key }));
        const next = String(Number(await Body?.transformToString()) + 1);
        const put = new PutObjectCommand({ Bucket, Key, Body: next, IfMatch: ETag });
        if ((await outcome(client(index).send(put))) === 'ok') won++;
      }
      return won;
    }),
  );
  const { Body } = await client(0).send(new GetObjectCommand({ Bucket, Key }));
  const total = increments.reduce((sum, won) => sum + won, 0);
  assert.equal(Number(await Body?.transformToString()), total);
  assert.ok(total >= 20);
});

async function openUpload(Bucket: string, Key: string) {
  const { UploadId } = await client(0).send(new CreateMultipartUploadCommand({ Bucket, Key }));
  const { ETag } = await client(0).send(
    new UploadPartCommand({ Bucket, Key, UploadId, PartNumber: 1, Body: `part of ${Key}` }),
  );
  const complete = () =>
    new CompleteMultipartUploadCommand({
      Bucket,
      Key,
      UploadId,
      MultipartUpload: { Parts: [{ PartNumber: 1, ETag }] },
    });
  return { complete, abort: () => new AbortMultipartUploadCommand({ Bucket, Key, UploadId }) };
}

test('complete/complete: both are told of the same one object', async () => {
  const Bucket = await newBucket('complete-twice', { versioned: true });
  for (const round of range(ROUNDS)) {
    const Key = `key-${round}`;
    const { complete } = await openUpload(Bucket, Key);
    const [a, b] = await Promise.all([client(1).send(complete()), client(2).send(complete())]);
    assert.deepEqual([a.ETag, a.VersionId], [b.ETag, b.VersionId]);
    const { Versions } = await client(0).send(new ListObjectVersionsCommand({ Bucket, Prefix: Key }));
    assert.equal(Versions?.filter((version) => version.Key === Key).length, 1);
  }
});

test('complete/abort: there is the object, or there is no upload', async () => {
  const Bucket = await newBucket('complete-or-abort');
  const winners = new Set<string>();
  for (const round of range(ROUNDS)) {
    const Key = `key-${round}`;
    const { complete, abort } = await openUpload(Bucket, Key);
    const aborting = sleep(round % 3).then(() => outcome(client(2).send(abort())));
    const [completed, aborted] = await Promise.all([outcome(client(1).send(complete())), aborting]);
    const found = await outcome(client(0).send(new HeadObjectCommand({ Bucket, Key })));
    if (completed === 'ok') assert.equal(found, 'ok', `aborted: ${aborted}`);
    else assert.deepEqual([completed, aborted, found], ['NoSuchUpload', 'ok', 'NotFound']);
    winners.add(completed);
  }
});

test('lock/delete: a version is either gone or kept by its lock, never both', async () => {
  const Bucket = await newBucket('lock-or-delete', { lock: true });
  for (const round of range(ROUNDS)) {
    const Key = `key-${round}`;
    const { VersionId } = await client(0).send(new PutObjectCommand({ Bucket, Key, Body: 'x' }));
    const Retention = { Mode: 'GOVERNANCE', RetainUntilDate: new Date(Date.now() + 3_600_000) } as const;
    const [locked, deleted] = await Promise.all([
      outcome(client(1).send(new PutObjectRetentionCommand({ Bucket, Key, VersionId, Retention }))),
      outcome(client(2).send(new DeleteObjectCommand({ Bucket, Key, VersionId }))),
    ]);
    const found = await outcome(client(0).send(new HeadObjectCommand({ Bucket, Key, VersionId })));
    if (locked === 'ok') assert.deepEqual([deleted, found], ['AccessDenied', 'ok']);
    else assert.deepEqual([deleted, found], ['ok', 'NotFound']);
  }
});

test('the quota edge: of sixteen uploads that want the last room exactly those that fit get it', async () => {
  const made = (await server.cli([
    'project',
    'create',
    '--account',
    server.rootEmail,
    '--name',
    'narrow',
    '--quota',
    '10MiB',
  ])) as { projectId: string };
  const key = (await server.cli(['s3-key', 'create', '--account', server.rootEmail, '--project', 'narrow'])) as KeyPair;
  const narrow = await connect(server, key);
  await narrow.send(new CreateBucketCommand({ Bucket: 'narrow' }));
  const Body = Buffer.alloc(2 ** 20, 1);
  const puts = range(16).map((index) =>
    outcome(narrow.send(new PutObjectCommand({ Bucket: 'narrow', Key: `key-${index}`, Body }))),
  );
  const outcomes = await Promise.all(puts);
  assert.deepEqual([countOf(outcomes, 'ok'), countOf(outcomes, 'QuotaExceeded')], [10, 6], outcomes.join());
  const usage = (await server.cli(['usage'])) as { projectId: string; bytes: number; objects: number }[];
  const row = usage.find(({ projectId }) => projectId === made.projectId);
  assert.deepEqual([row?.bytes, row?.objects], [10 * 2 ** 20, 10]);
});

test('bucket delete/put: nothing is stored in a bucket that is gone', async () => {
  for (const round of range(ROUNDS)) {
    const Bucket = await newBucket(`going-${round}`);
    const [put, deleted] = await Promise.all([
      outcome(client(1).send(new PutObjectCommand({ Bucket, Key: 'key', Body: 'x' }))),
      outcome(client(2).send(new DeleteBucketCommand({ Bucket }))),
    ]);
    assert.ok(
      (put === 'ok' && deleted === 'BucketNotEmpty') || (put === 'NoSuchBucket' && deleted === 'ok'),
      `${put}, ${deleted}`,
    );
    if (deleted !== 'ok') continue;
    await newBucket(Bucket);
    const { KeyCount } = await client(0).send(new ListObjectsV2Command({ Bucket }));
    assert.equal(KeyCount, 0, 'a bucket made again begins empty');
  }
});

/** One client's share of a history: puts of unique values, deletes and gets. */
async function hammer(index: number, Bucket: string, Key: string, steps: number): Promise<RegisterOperation[]> {
  const history: RegisterOperation[] = [];
  for (const step of range(steps)) {
    const begunAt = performance.now();
    const choice = (index + step) % 4;
    if (choice === 0) {
      const value = `${index}-${step}`;
      await client(index).send(new PutObjectCommand({ Bucket, Key, Body: value }));
      history.push({ kind: 'write', value, begunAt, endedAt: performance.now() });
    } else if (choice === 1 && step % 3 === 0) {
      await client(index).send(new DeleteObjectCommand({ Bucket, Key }));
      history.push({ kind: 'write', value: null, begunAt, endedAt: performance.now() });
    } else {
      const value = await readValue(index, Bucket, Key);
      history.push({ kind: 'read', value, begunAt, endedAt: performance.now() });
    }
  }
  return history;
}

async function readValue(index: number, Bucket: string, Key: string): Promise<string | null> {
  try {
    const { Body } = await client(index).send(new GetObjectCommand({ Bucket, Key }));
    return (await Body?.transformToString()) ?? null;
  } catch (error) {
    if (error instanceof S3ServiceException && error.name === 'NoSuchKey') return null;
    throw error;
  }
}

test('reads and writes of one key by eight clients on two workers have one order', async () => {
  const Bucket = await newBucket('register');
  for (const Key of ['a', 'b', 'c']) {
    const histories = await Promise.all(range(8).map((index) => hammer(index, Bucket, Key, 24)));
    assert.ok(isLinearizable(histories.flat()), `the history of ${Key} has no order`);
  }
});
