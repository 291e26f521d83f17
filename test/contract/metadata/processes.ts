// Several processes on one store.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { MetadataAdapter } from '../adapters.ts';
import { bytes, get, openEmptyFolder, openIn, put, startProcess } from '../fixture.ts';

export function processTests(adapter: MetadataAdapter): void {
  test('a commit acknowledged in one process is in the next read of another', async () => {
    await using fixture = await openIn(adapter);
    await using other = await startProcess(adapter, fixture.folder);
    for (let i = 0; i < 200; i++) {
      const mine = `${i}`;
      await put(fixture.store, 'from-here', mine);
      assert.equal(await other.ask({ do: 'get', key: 'from-here' }), mine);
      await other.ask({ do: 'put', key: 'from-there', value: mine });
      assert.equal(await get(fixture.store, 'from-there'), mine);
    }
  });

  test('processes that open a new store at the same moment all can use it', async () => {
    await using fixture = await openEmptyFolder();
    await using stack = new AsyncDisposableStack();
    const processes = await Promise.all([1, 2, 3].map(() => startProcess(adapter, fixture.folder)));
    for (const process of processes) stack.use(process);
    const writes = processes.map((process, index) => process.ask({ do: 'put', key: `key-${index}`, value: 'x' }));
    await Promise.all(writes);
    for (const process of processes) {
      for (const index of processes.keys()) assert.equal(await process.ask({ do: 'get', key: `key-${index}` }), 'x');
    }
  });

  test('of two processes that create the same key if it is absent, one wins, every time', async () => {
    await using fixture = await openIn(adapter);
    await using a = await startProcess(adapter, fixture.folder);
    await using b = await startProcess(adapter, fixture.folder);
    for (let round = 0; round < 100; round++) {
      const key = `key-${round}`;
      const outcomes = await Promise.all([
        a.ask({ do: 'create', key, value: 'a' }),
        b.ask({ do: 'create', key, value: 'b' }),
      ]);
      assert.equal(outcomes.filter((outcome) => outcome === 'won').length, 1);
      assert.equal(await get(fixture.store, key), outcomes[0] === 'won' ? 'a' : 'b');
    }
  });

  test('counters and read-modify-writes of two processes lose nothing', async () => {
    await using fixture = await openIn(adapter);
    await using a = await startProcess(adapter, fixture.folder);
    await using b = await startProcess(adapter, fixture.folder);
    const work = [a, b].flatMap((process) => [
      process.ask({ do: 'add', key: 'counter', times: 50 }),
      process.ask({ do: 'increment', key: 'number', times: 50 }),
      process.ask({ do: 'increment', key: 'number', times: 50 }),
    ]);
    await Promise.all(work);
    assert.equal(await fixture.store.read((snapshot) => snapshot.count(bytes('counter'))), 100n);
    assert.equal(await get(fixture.store, 'number'), '200');
  });

  test('what a process had acknowledged is there after kill -9, and the others go on', async () => {
    await using fixture = await openIn(adapter);
    for (let round = 0; round < 4; round++) {
      await using victim = await startProcess(adapter, fixture.folder);
      const acknowledged: string[] = [];
      const writers = Array.from({ length: 8 }, async (_, writer) => {
        for (let i = 0; ; i++) {
          const key = `r${round}-w${writer}-${i}`;
          await victim.ask({ do: 'put', key, value: key });
          acknowledged.push(key);
        }
      });
      const ended = Promise.allSettled(writers);
      while (acknowledged.length < 100 + round * 37) await put(fixture.store, 'beside', `${acknowledged.length}`);
      await victim.kill();
      await ended;
      await put(fixture.store, 'after', `${round}`);
      for (const key of acknowledged) assert.equal(await get(fixture.store, key), key);
    }
  });

  test('a store that is opened again has everything', async () => {
    await using fixture = await openIn(adapter);
    await put(fixture.store, 'kept', 'value');
    await fixture.store[Symbol.asyncDispose]();
    await assert.rejects(get(fixture.store, 'kept'), { name: 'StoreUnavailableError' });
    await using again = await adapter.open(fixture.folder);
    assert.equal(await get(again, 'kept'), 'value');
    await again.ready();
  });
}
