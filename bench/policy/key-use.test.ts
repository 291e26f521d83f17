// What it costs a request that the last use of its key is kept: one look into a map, all but once an hour.
import assert from 'node:assert/strict';
import { createHmac } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { noteKeyUse } from '../../src/identity/key-use.ts';
import { openLmdbStore } from '../../src/metadata/lmdb.ts';
import { type AccessKey, newS3KeyId } from '../../src/shared/ids.ts';

const REQUESTS = 50_000;

test('keeping the last use of a key costs a request less than one HMAC of its signature', async (t) => {
  const path = await mkdtemp(join(tmpdir(), 'key-use-bench-'));
  await using stack = new AsyncDisposableStack();
  stack.defer(() => rm(path, { recursive: true }));
  const store = stack.use(await openLmdbStore({ path, reserveBytes: 0 }));
  const use = {
    keyId: newS3KeyId(),
    accessKey: 'bench' as AccessKey,
    at: Date.now(),
    action: 's3:GetObject',
    clientAddress: '::1',
  };
  const memory = new Map();
  const microsOf = async (work: () => unknown): Promise<number> => {
    const begunMs = performance.now();
    for (let count = 0; count < REQUESTS; count++) await work();
    return ((performance.now() - begunMs) * 1000) / REQUESTS;
  };
  const [noting, signing]: [number[], number[]] = [[], []];
  for (let round = 0; round < 5; round++) {
    noting.push(await microsOf(() => noteKeyUse(store, memory, use)));
    signing.push(await microsOf(() => createHmac('sha256', 'a key of a day').update('what is signed').digest('hex')));
  }
  t.diagnostic(
    `µs: ${noting.map((micros, round) => `${micros.toFixed(2)} ÷ ${signing[round]?.toFixed(2)}`).join(', ')}`,
  );
  assert.ok(Math.min(...noting) < Math.min(...signing));
});
