// Several writers, each with keys of its own, that put (small, large, in parts), delete and read. A key holds what was
// acknowledged last, or what a request after it that was not acknowledged wrote, whole.
import assert from 'node:assert/strict';
import { randomInt } from 'node:crypto';
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
import { contentOf, KeyHistory, sameState, type State, stateOf } from './history.ts';
import { type KillLoad, type Running, untilStopped } from './kill-loads.ts';
import { statusOf } from './s3-client.ts';

const WRITERS = 8;
const KEYS_PER_WRITER = 12;
const PART_BYTES = 5 * 1024 * 1024;
const BUCKET = 'kill-test';

type Histories = ReadonlyMap<string, KeyHistory>;

export function objectLoad(): KillLoad {
  const histories = new Map(allKeys().map((key) => [key, new KeyHistory()]));
  let count = 0;
  return {
    begin: async (client) => {
      await client.send(new CreateBucketCommand({ Bucket: BUCKET }));
    },
    run: async (running, round) => {
      const writers = Array.from({ length: WRITERS }, (_, writer) =>
        untilStopped(running, async (turn) => {
          const key = keyOf(writer, randomInt(KEYS_PER_WRITER));
          const history = histories.get(key);
          assert.ok(history);
          await useKey(running, key, history, `${key} round ${round} turn ${turn}`);
          count++;
        }),
      );
      await Promise.all(writers);
    },
    verify: (_server, client) => verify(client, histories),
    count: () => count,
  };
}

function allKeys(): string[] {
  return Array.from({ length: WRITERS * KEYS_PER_WRITER }, (_, index) =>
    keyOf(index % WRITERS, Math.floor(index / WRITERS)),
  );
}

function keyOf(writer: number, index: number): string {
  return `writer-${writer}/key-${index}`;
}

async function useKey({ client }: Running, key: string, history: KeyHistory, name: string): Promise<void> {
  const choice = randomInt(100);
  if (choice < 20) return assertPossible(key, history, await readState(client, key));
  if (choice < 40) {
    history.begin(null);
    await client.send(new DeleteObjectCommand({ Bucket: BUCKET, Key: key }));
  } else if (choice < 45) {
    await putMultipart(client, key, history, name);
  } else {
    const sizeBytes = choice < 80 ? randomInt(16_384) : randomInt(16_384, 3_000_000);
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

async function verify(client: S3Client, histories: Histories): Promise<number> {
  let storedBytes = 0;
  for (const [key, history] of histories) {
    const observed = await readState(client, key);
    assertPossible(key, history, observed);
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
  return storedBytes;
}

function assertPossible(key: string, history: KeyHistory, observed: State): void {
  const possible = history.possible();
  assert.ok(
    possible.some((state) => sameState(state, observed)),
    `${key} holds ${JSON.stringify(observed)}, possible: ${JSON.stringify(possible)}`,
  );
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
