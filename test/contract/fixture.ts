// A store in a folder of its own, removed with it; and other processes on the same folder.
import type { ChildProcess } from 'node:child_process';
import { fork } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Bytes, MetadataStore } from '../../src/metadata/metadata-store.ts';
import type { MetadataAdapter } from './adapters.ts';
import type { Reply, Request } from './store-process.ts';

export type Fixture<Store> = AsyncDisposable & { readonly store: Store; readonly folder: string };

export async function openIn<Store extends AsyncDisposable>(adapter: {
  readonly open: (folder: string) => Promise<Store>;
}): Promise<Fixture<Store>> {
  const folder = await mkdtemp(join(tmpdir(), 'vstorage-contract-'));
  const store = await adapter.open(folder);
  return {
    store,
    folder,
    async [Symbol.asyncDispose]() {
      await store[Symbol.asyncDispose]();
      await rm(folder, { recursive: true });
    },
  };
}

export async function openEmptyFolder(): Promise<AsyncDisposable & { readonly folder: string }> {
  const folder = await mkdtemp(join(tmpdir(), 'vstorage-contract-'));
  return { folder, [Symbol.asyncDispose]: () => rm(folder, { recursive: true }) };
}

/** The median: one pause of a busy machine does not count. */
export async function medianMs(work: () => Promise<unknown>): Promise<number> {
  const times: number[] = [];
  for (let i = 0; i < 101; i++) {
    const startedMs = performance.now();
    await work();
    times.push(performance.now() - startedMs);
  }
  return times.toSorted((a, b) => a - b)[50] ?? 0;
}

export const bytes = (text: string): Bytes => Buffer.from(text, 'utf8');
export const text = (value: Bytes | undefined): string | undefined =>
  value === undefined ? undefined : Buffer.from(value).toString('utf8');

export async function get(store: MetadataStore, key: string): Promise<string | undefined> {
  return text(await store.read((snapshot) => snapshot.get(bytes(key))));
}

export async function put(store: MetadataStore, key: string, value: string): Promise<void> {
  await store.transact(async (transaction) => transaction.put(bytes(key), bytes(value)));
}

export type OtherProcess = AsyncDisposable & {
  readonly ask: (request: Request) => Promise<string | null>;
  /** kill -9 */
  readonly kill: () => Promise<void>;
};

/** A process that opens the same store and does what it is asked (store-process.ts). */
export async function startProcess(adapter: MetadataAdapter, folder: string): Promise<OtherProcess> {
  const child = fork(new URL('./store-process.ts', import.meta.url), [adapter.name, folder]);
  await once(child, 'message');
  const end = async (signal: NodeJS.Signals): Promise<void> => {
    if (child.exitCode !== null || child.signalCode !== null) return;
    const exit = once(child, 'exit');
    child.kill(signal);
    await exit;
  };
  return {
    ask: (request) => ask(child, request),
    kill: () => end('SIGKILL'),
    [Symbol.asyncDispose]: () => end('SIGKILL'),
  };
}

let lastNumber = 0;

function ask(child: ChildProcess, request: Request): Promise<string | null> {
  const number = ++lastNumber;
  return new Promise((resolve, reject) => {
    const onExit = (): void => reject(new Error('the process ended before it answered'));
    const onMessage = (reply: Reply): void => {
      if (reply.number !== number) return;
      child.off('message', onMessage);
      child.off('exit', onExit);
      if (reply.error === null) resolve(reply.value);
      else reject(new Error(reply.error));
    };
    child.on('message', onMessage);
    child.once('exit', onExit);
    child.send({ number, request });
  });
}
