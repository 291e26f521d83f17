import type { CrcAnswer } from './crc32.worker.ts';

type Waiting = { resolve: (crc: string) => void; reject: (error: Error) => void };

let worker: Worker | null = null;
let last = 0;
const waiting = new Map<number, Waiting>();

function start(): Worker {
  const made = new Worker(new URL('./crc32.worker.ts', import.meta.url), { type: 'module' });
  made.addEventListener('message', ({ data }: MessageEvent<CrcAnswer>) => {
    const asked = waiting.get(data.id);
    waiting.delete(data.id);
    if ('crc' in data) asked?.resolve(data.crc);
    else asked?.reject(new UnreadableFileError(data.error));
  });
  return made;
}

/** The file was moved, changed or deleted since it was chosen. */
export class UnreadableFileError extends Error {
  override readonly name = 'UnreadableFileError';
}

/** CRC-32 in base64. */
export function checksumOf(blob: Blob): Promise<string> {
  worker ??= start();
  const id = ++last;
  return new Promise((resolve, reject) => {
    waiting.set(id, { resolve, reject });
    // a worker has no origin to aim at
    // oxlint-disable-next-line unicorn/require-post-message-target-origin
    worker?.postMessage({ id, blob });
  });
}
