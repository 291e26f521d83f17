// kill -9 of every process at a random moment under mixed load, again and again: an acknowledged object reads back
// whole after the restart, a deleted one is gone, a request that was never answered left all or nothing, and the
// project's usage is exactly what is there. kill.test.ts runs a few rounds, kill.long.test.ts many.
import assert from 'node:assert/strict';
import { randomInt } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { TestContext } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import {
  AbortMultipartUploadCommand,
  CompleteMultipartUploadCommand,
  CreateBucketCommand,
  CreateMultipartUploadCommand,
  DeleteObjectCommand,
  GetObjectCommand,
  ListMultipartUploadsCommand,
  ListObjectsV2Command,
  PutObjectCommand,
  type S3Client,
  UploadPartCommand,
} from '@aws-sdk/client-s3';
import { startServer, type TestServer } from '../support/start-server.ts';
import { contentOf, KeyHistory, sameState, type State, stateOf } from './history.ts';
import { keyLoad, lifecycleLoad, type KillLoad, versionLoad } from './kill-loads.ts';
import { connect, createRootKey, type KeyPair, statusOf } from './s3-client.ts';

const WRITERS = 8;
const KEYS_PER_WRITER = 12;
const PART_BYTES = 5 * 1024 * 1024;
const BUCKET = 'kill-test';
/** so short a day that lifecycle rules apply while it is killed */
const ARGS = ['--lifecycle-day', '1s', '--limit', 'keys-per-account=1000'];

type Histories = ReadonlyMap<string, KeyHistory>;

export async function killRounds(t: TestContext, rounds: number): Promise<void> {
  const dataDir = await mkdtemp(join(tmpdir(), 'vstorage-kill-'));
  t.after(async () => await rm(dataDir, { recursive: true, force: true, maxRetries: 5 }));
  const histories = new Map(allKeys().map((key) => [key, new KeyHistory()]));
  const loads = [versionLoad(), lifecycleLoad(), keyLoad()];
  let key: KeyPair | null = null;
  for (let round = 0; round < rounds; round++) {
    await using server = await startServer({ dataDir, args: ARGS });
    key ??= await createRootKey(server);
    const client = await connect(server, key);
    if (round === 0) {
      await client.send(new CreateBucketCommand({ Bucket: BUCKET }));
      for (const load of loads) await load.begin(client);
    } else {
      await verify(server, client, histories, loads);
    }
    await loadUntilKilled({ server, client, histories, loads }, round);
    client.destroy();
  }
  await using server = await startServer({ dataDir, args: ARGS });
  assert.ok(key);
  await verify(server, await connect(server, key), histories, loads);
  await assertNothingDamaged(server);
  // not each of them: on a busy machine signing in can take longer than a round lasts
  assert.ok(
    loads.some((load) => load.count() > 0),
    'something was done meanwhile',
  );
}

/** Every byte that is named can be read back. */
async function assertNothingDamaged(server: TestServer): Promise<void> {
  const { faults } = (await server.cli(['scrub'])) as { faults: unknown[] };
  assert.deepEqual(faults, []);
}

function allKeys(): string[] {
  return Array.from({ length: WRITERS * KEYS_PER_WRITER }, (_, index) =>
    keyOf(index % WRITERS, Math.floor(index / WRITERS)),
  );
}

function keyOf(writer: number, index: number): string {
  return `writer-${writer}/key-${index}`;
}

type Round = {
  readonly server: TestServer;
  readonly client: S3Client;
  readonly histories: Histories;
  readonly loads: readonly KillLoad[];
};

async function loadUntilKilled({ server, client, histories, loads }: Round, round: number): Promise<void> {
  const killed = new AbortController();
  const others = loads.map((load) => load.run({ server, client, killed: killed.signal }, round));
  const writers = Array.from(
    { length: WRITERS },
    async (_, writer) => await write(client, histories, writer, round, killed.signal),
  );
  await sleep(randomInt(300, 1800));
  killEveryProcess(server.pid);
  killed.abort();
  await Promise.all([...writers, ...others]);
  await server.kill();
}

/** The primary and its workers in one go, so that none of them can tidy up. */
function killEveryProcess(pid: number): void {
  const children = readFileSync(`/proc/${pid}/task/${pid}/children`, 'utf8').split(' ').filter(Boolean).map(Number);
  for (const process_ of [pid, ...children]) {
    try {
      process.kill(process_, 'SIGKILL');
    } catch (error) {
      if ((error as { code?: string }).code !== 'ESRCH') throw error;
    }
  }
}

async function write(
  client: S3Client,
  histories: Histories,
  writer: number,
  round: number,
  killed: AbortSignal,
): Promise<void> {
  for (let turn = 0; !killed.aborted; turn++) {
    const key = keyOf(writer, randomInt(KEYS_PER_WRITER));
    const history = histories.get(key);
    assert.ok(history);
    try {
      await change(client, key, history, `${key} round ${round} turn ${turn}`);
    } catch (error) {
      // no answer is what a killed server gives; an answer of 5xx would be a bug
      assert.equal(statusOf(error), null, `the server answered an error: ${String(error)}`);
      return;
    }
  }
}

async function change(client: S3Client, key: string, history: KeyHistory, name: string): Promise<void> {
  const choice = randomInt(100);
  if (choice < 20) {
    history.begin(null);
    await client.send(new DeleteObjectCommand({ Bucket: BUCKET, Key: key }));
  } else if (choice < 25) {
    await putMultipart(client, key, history, name);
  } else {
    const sizeBytes = choice < 70 ? randomInt(16_384) : randomInt(16_384, 3_000_000);
    const content = contentOf(name, sizeBytes);
    history.begin(stateOf(content));
    await client.send(new PutObjectCommand({ Bucket: BUCKET, Key: key, Body: content }));
  }
  history.acknowledge();
}

async function putMultipart(client: S3Client, key: string, history: KeyHistory, name: string): Promise<void> {
  const content = contentOf(name, PART_BYTES + 12_345);
  const where = { Bucket: BUCKET, Key: key };
  const { UploadId } = await client.send(new CreateMultipartUploadCommand(where));
  const parts = [];
  for (const [index, start] of [0, PART_BYTES].entries()) {
    const part = { PartNumber: index + 1, Body: content.subarray(start, start + PART_BYTES) };
    const { ETag } = await client.send(new UploadPartCommand({ ...where, UploadId, ...part }));
    parts.push({ PartNumber: part.PartNumber, ETag });
  }
  history.begin(stateOf(content));
  await client.send(new CompleteMultipartUploadCommand({ ...where, UploadId, MultipartUpload: { Parts: parts } }));
}

async function verify(
  server: TestServer,
  client: S3Client,
  histories: Histories,
  loads: readonly KillLoad[],
): Promise<void> {
  let storedBytes = 0;
  for (const [key, history] of histories) {
    const observed = await readState(client, key);
    const possible = history.possible();
    assert.ok(
      possible.some((state) => sameState(state, observed)),
      `${key} holds ${JSON.stringify(observed)}, possible: ${JSON.stringify(possible)}`,
    );
    history.settle(observed);
    storedBytes += observed?.sizeBytes ?? 0;
  }
  const listing = await client.send(new ListObjectsV2Command({ Bucket: BUCKET }));
  const present = [...histories].filter(([, history]) => history.possible()[0] !== null).map(([key]) => key);
  assert.deepEqual(
    (listing.Contents ?? []).map((object) => object.Key),
    present.sort(),
  );
  await abortOpenUploads(client);
  await assertUsage(server, client, loads, storedBytes);
}

/** Rules expire objects meanwhile, so the two are looked at until they agree. */
async function assertUsage(
  server: TestServer,
  client: S3Client,
  loads: readonly KillLoad[],
  ownBytes: number,
): Promise<void> {
  let [counted, stored] = [0, -1];
  for (let tries = 0; tries < 20 && counted !== stored; tries++) {
    stored = ownBytes;
    for (const load of loads) stored += await load.verify(server, client);
    counted = await usageBytes(server);
  }
  assert.equal(counted, stored, 'usage is what the objects add up to');
}

async function readState(client: S3Client, key: string): Promise<State> {
  try {
    const answer = await client.send(new GetObjectCommand({ Bucket: BUCKET, Key: key }));
    const content = await answer.Body?.transformToByteArray();
    assert.ok(content);
    return stateOf(content);
  } catch (error) {
    if (statusOf(error) === 404) return null;
    throw error;
  }
}

/** Their parts count as usage until they are aborted. */
async function abortOpenUploads(client: S3Client): Promise<void> {
  const { Uploads } = await client.send(new ListMultipartUploadsCommand({ Bucket: BUCKET }));
  for (const { Key, UploadId } of Uploads ?? []) {
    await client.send(new AbortMultipartUploadCommand({ Bucket: BUCKET, Key, UploadId }));
  }
}

async function usageBytes(server: TestServer): Promise<number> {
  const rows = (await server.cli(['usage'])) as { bytes: number }[];
  return rows.reduce((sum, row) => sum + row.bytes, 0);
}
