// MD5 on the event loop, and in a thread beside it.
import { createHash, type Hash } from 'node:crypto';
import { isMainThread, parentPort, Worker } from 'node:worker_threads';

export type Hashing = { readonly update: (chunk: Buffer) => void; readonly digest: () => Promise<string> };

export function hashHere(): Hashing {
  const hash = createHash('md5');
  return { update: (chunk) => void hash.update(chunk), digest: async () => hash.digest('hex') };
}

type Message = { readonly id: number; readonly chunk: Uint8Array | null };
type Answer = { readonly id: number; readonly md5: string };

let thread: Worker | null = null;
let lastId = 0;
const waiting = new Map<number, (md5: string) => void>();

function startThread(): Worker {
  const worker = new Worker(new URL(import.meta.url));
  worker.on('message', ({ id, md5 }: Answer) => {
    waiting.get(id)?.(md5);
    waiting.delete(id);
  });
  return worker;
}

export function hashInThread(): Hashing {
  thread ??= startThread();
  const id = ++lastId;
  // oxlint-disable-next-line unicorn/require-post-message-target-origin -- a thread has none
  const send = (chunk: Uint8Array | null): void => thread?.postMessage({ id, chunk } satisfies Message);
  return {
    update: send,
    digest: () =>
      new Promise((resolve) => {
        waiting.set(id, resolve);
        send(null);
      }),
  };
}

if (!isMainThread && parentPort !== null) {
  const port = parentPort;
  const hashes = new Map<number, Hash>();
  port.on('message', ({ id, chunk }: Message) => {
    const hash = hashes.get(id) ?? createHash('md5');
    hashes.set(id, hash);
    if (chunk !== null) return void hash.update(chunk);
    hashes.delete(id);
    port.postMessage({ id, md5: hash.digest('hex') } satisfies Answer);
  });
}
