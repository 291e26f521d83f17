// What requests cost on PostgreSQL, in round trips to it, authorization included.
import assert from 'node:assert/strict';
import { after, test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import * as sdk from '@aws-sdk/client-s3';
import { openTarget } from '../s3/s3-target.ts';
import { METADATA_VARIABLE } from '../support/engines.ts';
import { sharePostgres } from '../support/postgres.ts';
import { startProxy } from '../support/tcp-proxy.ts';

const postgres = await sharePostgres();
after(() => postgres[Symbol.asyncDispose]());
const proxy = await startProxy({ host: '127.0.0.1', port: postgres.port });
after(() => proxy[Symbol.asyncDispose]());
process.env[METADATA_VARIABLE] = postgres.url().replace(`:${postgres.port}/`, `:${proxy.port}/`);
const s3 = await openTarget();
after(() => s3[Symbol.asyncDispose]());
const bucket = await s3.bucket();

let trips = 0;
proxy.onAnswered = (answer) => {
  // ReadyForQuery alone ends a snapshot: nobody waits for it.
  if (answer.length !== 6 || answer[0] !== 0x5a) trips++;
  return true;
};

/** The fewest of many: background jobs read and write meanwhile. Both workers have seen the bucket then. */
async function fewestTrips(work: () => Promise<unknown>): Promise<number> {
  const counts: number[] = [];
  for (let i = 0; i < 30; i++) {
    await sleep(10);
    trips = 0;
    await work();
    counts.push(trips);
  }
  return Math.min(...counts);
}

test('a GET of an object costs two round trips at most, a HEAD one, a PUT three', async () => {
  const small = { Bucket: bucket, Key: 'small' };
  const large = { Bucket: bucket, Key: 'large' };
  const put = (where: typeof small, sizeBytes: number): Promise<unknown> =>
    s3.client.send(new sdk.PutObjectCommand({ ...where, Body: Buffer.alloc(sizeBytes) }));
  const get = async (where: typeof small): Promise<unknown> =>
    (await s3.client.send(new sdk.GetObjectCommand(where))).Body?.transformToByteArray();
  const costs = {
    put: await fewestTrips(() => put(small, 4_000)),
    putLarge: await fewestTrips(() => put(large, 400_000)),
    get: await fewestTrips(() => get(small)),
    getLarge: await fewestTrips(() => get(large)),
    head: await fewestTrips(() => s3.client.send(new sdk.HeadObjectCommand(small))),
    list: await fewestTrips(() => s3.client.send(new sdk.ListObjectsV2Command({ Bucket: bucket }))),
  };
  assert.deepEqual(costs, { put: 3, putLarge: 6, get: 2, getLarge: 1, head: 1, list: 2 });
});
