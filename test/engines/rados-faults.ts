// Ceph that hangs, is busy or is not there: bounded times, the right error, and it works again without a restart.
import assert from 'node:assert/strict';
import { appendFile, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { monitorEventLoopDelay } from 'node:perf_hooks';
import { test } from 'node:test';
import type { Ceph } from '../../scripts/cluster/ceph.ts';
import type { BlobStore } from '../../src/blobs/blob-store.ts';
import { connectRados } from '../../src/blobs/rados-cluster.ts';
import { openRadosBlobs } from '../../src/blobs/rados.ts';
import type { RadosClusterOptions } from '../../src/blobs/rados-options.ts';
import { StoreUnavailableError } from '../../src/metadata/metadata-store.ts';
import { newBlobId } from '../../src/shared/ids.ts';
import { load, MIB, pattern, POOL, store } from '../contract/blobs/blobs.ts';
import { cephOptions, TEST_POOL } from '../support/ceph.ts';
import { untilWorks } from '../support/until-works.ts';

const TIMEOUT_MS = 2_000;
const quick = (): RadosClusterOptions => ({ ...cephOptions(), timeoutMs: TIMEOUT_MS });

async function open(namespace: string): Promise<BlobStore> {
  const cluster = await connectRados(quick());
  const blobs = await openRadosBlobs(cluster, { pool: TEST_POOL, namespace });
  return { ...blobs, [Symbol.asyncDispose]: () => cluster[Symbol.asyncDispose]() };
}

/** What an upload had written cannot be removed either: that error comes on top. */
function unavailable(error: unknown): boolean {
  return error instanceof SuppressedError ? unavailable(error.suppressed) : error instanceof StoreUnavailableError;
}

async function durationMs(work: () => Promise<unknown>): Promise<number> {
  const startedMs = performance.now();
  await work();
  return performance.now() - startedMs;
}

export function radosFaultTests(ceph: Ceph): void {
  test('a cluster that does not answer costs bounded time, not the event loop, and works again by itself', async () => {
    await using blobs = await open('frozen');
    const id = await store(blobs, pattern(100_000));
    using _frozen = freeze(ceph);
    // a process that is busy is stopped a moment later
    await new Promise((resolve) => setTimeout(resolve, 200));
    const delay = monitorEventLoopDelay({ resolution: 10 });
    delay.enable();
    const tookMs = await durationMs(() =>
      Promise.all([
        assert.rejects(load(blobs, id, { start: 0, end: 10 }), unavailable),
        assert.rejects(store(blobs, pattern(10)), unavailable),
        assert.rejects(store(blobs, pattern(20 * MIB), MIB), unavailable),
        assert.rejects(blobs.delete(id, POOL), unavailable),
        assert.rejects(blobs.ready(), unavailable),
      ]),
    );
    delay.disable();
    ceph.thaw();
    // The failed upload tries to remove what it wrote: two calls one after the other.
    assert.ok(tookMs < 4 * TIMEOUT_MS, `${tookMs} ms`);
    assert.ok(delay.max / 1e6 < 1_000, `the event loop stood still for ${delay.max / 1e6} ms`);
    await untilWorks(() => blobs.ready());
    assert.equal((await load(blobs, id, { start: 0, end: 100_000 })).length, 100_000);
  });

  test('more calls than librados takes wait their turn', async () => {
    await using blobs = await open('many');
    const id = await store(blobs, pattern(100));
    const reads = Array.from({ length: 2_000 }, () => load(blobs, id, { start: 0, end: 100 }));
    assert.ok((await Promise.all(reads)).every((bytes) => bytes.equals(pattern(100))));
  });

  test('what keeps a cluster from being used is said, in bounded time', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'vstorage-ceph-conf-'));
    const nobody = join(folder, 'nobody.conf');
    await writeFile(nobody, '[global]\nmon host = [v2:127.0.0.1:1]\nauth client required = none\n');
    const noKey = join(folder, 'no-key.conf');
    await writeFile(noKey, await readFile(ceph.confFile, 'utf8'));
    await appendFile(noKey, `\n[client.ghost]\nkeyring = ${folder}/none\n`);
    const cases = [
      { confFile: nobody, clientId: 'admin', timeoutMs: 1_000 },
      { confFile: noKey, clientId: 'ghost', timeoutMs: 1_000 },
      { confFile: join(folder, 'missing.conf'), clientId: 'admin', timeoutMs: 1_000 },
    ];
    for (const one of cases) {
      const tookMs = await durationMs(() => assert.rejects(connectRados(one), unavailable));
      assert.ok(tookMs < 5_000, `${one.confFile}: ${tookMs} ms`);
    }
    await using cluster = await connectRados(quick());
    await assert.rejects(
      openRadosBlobs(cluster, { pool: 'no-such-pool', namespace: 'x' }),
      (error: Error) => unavailable(error) && error.message.includes('no-such-pool'),
    );
    await rm(folder, { recursive: true });
  });

  test('a closed store takes no more calls', async () => {
    const blobs = await open('closed');
    await blobs[Symbol.asyncDispose]();
    await assert.rejects(blobs.delete(newBlobId(Date.now()), POOL), unavailable);
  });
}

function freeze(ceph: Ceph): Disposable {
  ceph.freeze();
  return { [Symbol.dispose]: () => ceph.thaw() };
}
